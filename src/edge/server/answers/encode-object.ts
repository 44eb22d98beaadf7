import { objectText } from '#control/store';
import type { KubeObject } from '#model/objects';
import { apiVersionOf } from '#model/resources';
import type { Kind } from '#model/resources';
import type { Form, MetaVersion } from './form.ts';
import { tableLayout } from './table-layout.ts';

/** What of an object a table's row carries beside its cells. */
export type IncludeObject = 'None' | 'Metadata' | 'Object';

/** How one request wants its objects. */
export interface Rendering {
  readonly kind: Kind;
  readonly form: Form;
  readonly includeObject: IncludeObject;
  readonly now: Date;
}

/** One object by itself, as JSON. */
export function encodeObject(object: KubeObject, rendering: Rendering): string {
  if (rendering.form.as !== 'table') return encodeItem(object, rendering);
  const { resourceVersion } = object.metadata;
  return `${openTable(rendering)}${encodeItem(object, rendering)}],"metadata":${JSON.stringify({ resourceVersion })}}`;
}

/** One object as an item of a list, or a row of a table. */
export function encodeItem(object: KubeObject, rendering: Rendering): string {
  const { form } = rendering;
  if (form.as === 'object') return objectText(object);
  if (form.as === 'partial') return JSON.stringify(partialOf(object, form.version));
  return JSON.stringify(rowOf(object, rendering, form.version));
}

function partialOf(object: KubeObject, version: MetaVersion): object {
  return { kind: 'PartialObjectMetadata', apiVersion: `meta.k8s.io/${version}`, metadata: object.metadata };
}

function rowOf(object: KubeObject, { kind, includeObject, now }: Rendering, version: MetaVersion): object {
  const cells = tableLayout(kind).cells(object, now);
  if (includeObject === 'None') return { cells };
  return { cells, object: includeObject === 'Object' ? object : partialOf(object, version) };
}

/** A list up to its first item; `closeList` ends it. */
export function openList(rendering: Rendering): string {
  const { kind, form } = rendering;
  if (form.as === 'table') return openTable(rendering);
  const [name, apiVersion] =
    form.as === 'partial'
      ? ['PartialObjectMetadataList', `meta.k8s.io/${form.version}`]
      : [`${kind.kind}List`, apiVersionOf(kind)];
  return `{"kind":${JSON.stringify(name)},"apiVersion":${JSON.stringify(apiVersion)},"items":[`;
}

function openTable({ kind, form }: Rendering): string {
  const version = form.as === 'table' ? form.version : 'v1';
  const columns = JSON.stringify(tableLayout(kind).definitions);
  return `{"kind":"Table","apiVersion":"meta.k8s.io/${version}","columnDefinitions":${columns},"rows":[`;
}

/** The metadata comes last: how a list ends is known when all its pages have been read. */
export function closeList(metadata: object): string {
  return `],"metadata":${JSON.stringify(metadata)}}`;
}
