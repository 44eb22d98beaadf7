import { conditionOf } from '#model/objects';
import type { Condition } from '#model/objects';
import type { Occurrence } from '#control/runtime';
import type { WithStatus } from './status-loop.ts';

type Remark = Omit<Occurrence, 'about'>;

/** What is worth an Event when a status replaces another: that an object became ready, or stopped being, or why changed. */
export function readinessRemark(before: WithStatus, after: WithStatus['status']): Remark | undefined {
  return conditionRemark(before, after, 'Ready', 'True');
}

/** The same for any condition; `good` is the status that nobody needs to be warned of. */
export function conditionRemark(
  before: WithStatus,
  after: WithStatus['status'],
  type: string,
  good: Condition['status'],
): Remark | undefined {
  const old = conditionOf(before.status?.conditions, type);
  const now = conditionOf(after?.conditions, type);
  if (now === undefined || (old?.status === now.status && old.reason === now.reason)) return undefined;
  const isGood = now.status === good;
  if (isGood ? old === undefined && type !== 'Ready' : isWaiting(now) && old?.status !== good) return undefined;
  return { type: isGood ? 'Normal' : 'Warning', reason: now.reason ?? type, message: now.message ?? '' };
}

/** What something else must come first for, which it usually does: no news, unless it was there before. */
function isWaiting({ reason = '' }: Condition): boolean {
  return /(?:NotFound|NotIssued|NotReady)$|^No(?:Nodes|Gateway)$/.test(reason);
}
