import Type from 'typebox';
import type { Static } from 'typebox';
import { ageColumn, core, defineKind } from './define-kind.ts';
import { envelope } from './fields/envelope.ts';
import { anyText, bytes, flag, mapOf } from './fields/field.ts';
import { validateConfigMap } from './validation/config-map.ts';

const description = 'Settings without secrets: keys with texts or bytes.';

const configMapSchema = envelope(description, {
  data: Type.Optional(mapOf(anyText, 'Texts by key. Keys hold letters, digits, `-`, `_` and `.`.')),
  binaryData: Type.Optional(mapOf(bytes('Bytes in base64.'), 'Bytes by key; no key may also be in `data`.')),
  immutable: Type.Optional(flag('When true, nothing but metadata can be changed any more, this field included.')),
});

/** v1 ConfigMap. */
export type ConfigMap = Static<typeof configMapSchema>;

export const configMapKind = defineKind<ConfigMap>({
  ...core,
  kind: 'ConfigMap',
  plural: 'configmaps',
  singular: 'configmap',
  shortNames: ['cm'],
  description,
  schema: configMapSchema,
  printerColumns: [
    {
      name: 'Data',
      type: 'integer',
      jsonPath: '',
      description: 'Number of keys.',
      cell: (object) => {
        const { data = {}, binaryData = {} } = object as ConfigMap;
        return Object.keys(data).length + Object.keys(binaryData).length;
      },
    },
    ageColumn,
  ],
  validate: (next, previous) => validateConfigMap(next, previous),
});
