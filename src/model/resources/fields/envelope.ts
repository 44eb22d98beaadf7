import Type from 'typebox';
import type { TProperties } from 'typebox';
import { text } from './field.ts';
import { objectMetaSchema } from './object-meta.ts';

/** Schema of a whole object: the three fields that every kind has, and its own. */
export const envelope = <P extends TProperties>(description: string, fields: P) =>
  Type.Object(
    {
      apiVersion: text('Group and version of the kind.'),
      kind: text('Name of the kind.'),
      metadata: objectMetaSchema,
      ...fields,
    },
    { description },
  );
