import { setCondition } from '#model/objects';
import type { GatewayNode } from '#model/resources';

const lostMilliseconds = 60_000;
const goneMilliseconds = 24 * 3600_000;

/** What is to be made of a node that was last heard of a while ago. */
export type NodeLife =
  | { readonly is: 'alive'; readonly until: Date }
  | { readonly is: 'lost'; readonly until: Date; readonly status: NonNullable<GatewayNode['status']> }
  | { readonly is: 'gone' };

/**
 * A node that gave no sign of life for 60 s is lost: whether it is ready is not known. One that gave none for a day is
 * gone, and is forgotten.
 */
export function lifeOfNode(node: GatewayNode, now: Date): NodeLife {
  const { metadata, status } = node;
  const lastSeen = Date.parse(status?.lastSeenTime ?? metadata.creationTimestamp);
  const silence = now.getTime() - lastSeen;
  if (silence < lostMilliseconds) return { is: 'alive', until: new Date(lastSeen + lostMilliseconds) };
  if (silence >= goneMilliseconds) return { is: 'gone' };
  const message = `no sign of life since ${status?.lastSeenTime ?? metadata.creationTimestamp}`;
  const lost = { type: 'Ready', status: 'Unknown', reason: 'NodeLost', message } as const;
  const conditions = [...setCondition(status?.conditions, lost, now)];
  return { is: 'lost', until: new Date(lastSeen + goneMilliseconds), status: { ...status, conditions } };
}
