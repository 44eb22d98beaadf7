import { deepEqual, formatTimestamp, setCondition } from '#model/objects';
import type { ConditionUpdate } from '#model/objects';
import type { Rotation, RotationGate, RotationObstacle, RotationStatus } from '#model/resources';
import { leafCounts, longestBlocking } from '#model/rotation';
import type { Blocking, Gate, Refusal, RotationSnapshot } from '#model/rotation';

/** What a look at a Rotation has found, besides what the machine remembers. */
export interface Findings {
  readonly gates?: readonly Gate[];
  readonly blocking: readonly Blocking[];
  /** How many there are; at most 100 of them are told. */
  readonly blockingTotal?: number;
  readonly leaves?: NonNullable<RotationStatus['leaves']>;
  readonly handshakes?: NonNullable<RotationStatus['handshakes']>;
  /** Why nothing goes on although no gate is in the way. */
  readonly standstill?: { readonly reason: string; readonly message: string };
}

/** The status with what was found last. */
export function toldStatus(rotation: Rotation, status: RotationStatus, findings: Findings, now: Date): RotationStatus {
  const { generation } = rotation.metadata;
  const { gates, blocking, leaves, handshakes } = findings;
  const observed = generation === undefined ? {} : { observedGeneration: generation };
  const { gates: _g, blocking: _b, ...rest } = status;
  const told = gates === undefined ? status.gates : gatesOf(gates, status, now);
  const next: RotationStatus = {
    ...rest,
    ...observed,
    ...(told === undefined ? {} : { gates: told }),
    ...(blocking.length === 0 ? {} : { blocking: blocking.slice(0, longestBlocking).map(obstacleOf) }),
    ...(leaves && { leaves }),
    ...(handshakes && { handshakes }),
  };
  const conditions = conditionsOf(rotation, next, findings).reduce(
    (before, update) => [...setCondition(before, { ...update, ...observed }, now)],
    [...(status.conditions ?? [])],
  );
  return { ...next, conditions };
}

/** Those that were passed stay, with what opened them: they are the record of the rotation. */
function gatesOf(gates: readonly Gate[], status: RotationStatus, now: Date): RotationGate[] {
  const names = new Set(gates.map(({ name }) => name));
  const passed = (status.gates ?? []).filter(({ name, open }) => open && !names.has(name));
  return [...passed, ...gates.map((one) => gateOf(one, status, now))];
}

function gateOf({ name, open, evidence }: Gate, status: RotationStatus, now: Date): RotationGate {
  const before = status.gates?.find((one) => one.name === name);
  const since = before?.open === open ? before.since : undefined;
  return { name, open, since: since ?? formatTimestamp(now), ...(evidence.length > 0 && { evidence: [...evidence] }) };
}

const obstacleOf = ({ workload, instance, ...rest }: Blocking): RotationObstacle => ({
  ...(workload === undefined ? {} : { workload }),
  ...(instance === undefined ? {} : { instance }),
  ...rest,
});

function conditionsOf({ spec }: Rotation, status: RotationStatus, findings: Findings): ConditionUpdate[] {
  const { standstill, blocking, blockingTotal = blocking.length } = findings;
  const [first] = blocking;
  const isOver = status.completedTime !== undefined;
  const text = first === undefined ? '' : blockingText(first, blockingTotal);
  const blocked: ConditionUpdate =
    isOver || (first === undefined && standstill === undefined)
      ? { type: 'Blocked', status: 'False', reason: 'NothingInTheWay', message: '' }
      : {
          type: 'Blocked',
          status: 'True',
          reason: standstill?.reason ?? 'Waiting',
          message: standstill?.message ?? text,
        };
  const paused: ConditionUpdate =
    spec.paused === true && !isOver
      ? { type: 'Paused', status: 'True', reason: 'Asked', message: 'spec.paused holds it in this stage' }
      : { type: 'Paused', status: 'False', reason: 'NotAsked', message: '' };
  return [readiness(status, blocked), blocked, paused];
}

function readiness(status: RotationStatus, blocked: ConditionUpdate): ConditionUpdate {
  const type = 'Ready';
  if (status.result === 'succeeded') {
    const message = `${status.next?.subject ?? ''} signs, and ${status.old?.subject ?? ''} before it is refused`;
    return { type, status: 'True', reason: 'Succeeded', message };
  }
  if (status.result !== undefined) {
    const message = status.message ?? 'the old CA signs again';
    return { type, status: 'False', reason: status.result === 'failed' ? 'Failed' : 'RolledBack', message };
  }
  const reason = status.stage === undefined ? (blocked.reason ?? 'Waiting') : status.stage;
  return { type, status: 'False', reason, message: blocked.message === '' ? 'under way' : (blocked.message ?? '') };
}

function blockingText({ workload, instance, material, message, hint }: Blocking, total: number): string {
  const who = [workload, instance, material].filter((one) => one !== undefined && one !== '').join(' ');
  const more = total > 1 ? ` (and ${total - 1} more)` : '';
  return `${who}: ${message} ${hint}${more}`;
}

/** Refusals as obstacles. */
export const refusalObstacles = (refusals: readonly Refusal[]): Blocking[] =>
  refusals.map(({ check, place, message, hint }) => ({ material: place, wanted: check, has: 'not so', message, hint }));

/** The counts of a snapshot, once it has begun. */
export const countsOf = (snapshot: RotationSnapshot): { leaves: NonNullable<RotationStatus['leaves']> } => ({
  leaves: leafCounts(snapshot),
});

export const isSameStatus = (one: RotationStatus | undefined, other: RotationStatus): boolean =>
  deepEqual(one ?? {}, other);
