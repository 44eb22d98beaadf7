import type { ClientAccess } from '#edge/api';
import type { Post } from '../fleet/messages.ts';

/** Real agents of one process, each with what it looks after. */
export interface AgentOrders {
  readonly access: ClientAccess;
  readonly namespace: string;
  readonly folder: string;
  readonly agents: readonly (readonly Post[])[];
}
