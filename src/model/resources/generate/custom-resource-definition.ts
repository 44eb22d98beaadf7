import type { Json } from '#model/objects';
import type { Kind, PrinterColumn } from '../kind.ts';
import { clientSchema } from './plain-schema.ts';

/** The apiextensions.k8s.io/v1 manifest of a kind, by which a Kubernetes cluster learns it. Not for core kinds. */
export function customResourceDefinition(kind: Kind): { [key: string]: Json | undefined } {
  const { group, plural, singular, shortNames, categories, namespaced } = kind;
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      names: {
        kind: kind.kind,
        listKind: `${kind.kind}List`,
        plural,
        singular,
        shortNames: [...shortNames],
        categories: [...categories],
      },
      scope: namespaced ? 'Namespaced' : 'Cluster',
      versions: [versionOf(kind)],
    },
  };
}

function versionOf(kind: Kind): Json {
  return {
    name: kind.version,
    served: true,
    storage: true,
    additionalPrinterColumns: kind.printerColumns.map(columnOf),
    ...(kind.selectableFields.length > 0
      ? { selectableFields: kind.selectableFields.map((field) => ({ jsonPath: `.${field}` })) }
      : {}),
    ...(kind.hasStatus ? { subresources: { status: {} } } : {}),
    schema: { openAPIV3Schema: clientSchema(kind, { type: 'object' }) },
  };
}

function columnOf({ name, type, jsonPath, description, priority, format }: PrinterColumn): Json {
  return {
    name,
    type,
    jsonPath,
    ...(description === undefined ? {} : { description }),
    ...(priority === undefined || priority === 0 ? {} : { priority }),
    ...(format === undefined ? {} : { format }),
  };
}
