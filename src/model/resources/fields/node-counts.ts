import Type from 'typebox';
import type { Static } from 'typebox';
import { anyText, integer, list } from './field.ts';

/** How far a change has come among the nodes that it concerns. */
export const nodeProgressSchema = Type.Object(
  {
    desired: integer('Nodes that shall use it.'),
    loaded: integer('Nodes that have loaded it.'),
    proven: integer('Nodes that have proven it by a handshake.'),
    lagging: Type.Optional(list(anyText, 'Names of nodes that have not proven it, at most 100.')),
  },
  { description: 'How far it has come among the gateway nodes.' },
);

export type NodeProgress = Static<typeof nodeProgressSchema>;
