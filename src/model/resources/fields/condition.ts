import Type from 'typebox';
import { int64, listMap, oneOf, text, time } from './field.ts';

const condition = Type.Object({
  type: text('Type of the condition.'),
  status: oneOf(['True', 'False', 'Unknown'], 'Whether the condition holds.'),
  lastTransitionTime: Type.Optional(time('When `status` last changed; other fields may have changed since.')),
  reason: Type.Optional(text('The cause in one word, for programs.')),
  message: Type.Optional(text('The cause in a sentence, for people.')),
  observedGeneration: Type.Optional(int64('The `metadata.generation` on which the condition is based.')),
});

/** `status.conditions`, one entry for each type. */
export const conditions = (types: string) => listMap(condition, ['type'], `What is known about the object: ${types}.`);
