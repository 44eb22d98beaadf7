import Type from 'typebox';
import type { Static } from 'typebox';
import { certificateFactsFields } from './certificate-facts.ts';
import { oneOf, text, time } from './field.ts';

/** A certificate of a TrustBundle, and how it came to be in it. */
export const anchorSchema = Type.Object({
  ...certificateFactsFields,
  from: text('Where it comes from: `Certificate ns/name`, `spec.sources[0]`, `Rotation ns/name`, ...'),
  addedTime: time('Since when it is trusted.'),
  state: oneOf(
    ['current', 'retained', 'withdrawn'],
    'current: a source or a running Rotation gives it. retained: none does any more, and it stays trusted until it is forgotten. withdrawn: a source still gives it, and it is not trusted.',
  ),
  withdrawnBy: Type.Optional(text('Who withdrew it: `spec.forget`, or `Rotation ns/name`.')),
  certificate: text('The certificate, PEM; what is retained can be written after its source is gone.'),
});

export type Anchor = Static<typeof anchorSchema>;
