import { formatTimestamp } from '#model/objects';
import type { Rotation, RotationStatus } from '#model/resources';
import type { CAFacts, RotationProgress, RotationWish } from '#model/rotation';
import { authorityOf, factsIn } from './authority-facts.ts';

/** What a Rotation asks for, with its defaults. */
export function wishOf({ spec }: Rotation): RotationWish {
  const { emergency, key = 'new', subject = 'same', crossSign, spreadSeconds, maxUnproven } = spec;
  const { restartWindowSeconds, paused, rollback, attestations = [] } = spec;
  return {
    emergency,
    key,
    subject,
    crossSign,
    spreadSeconds,
    maxUnproven,
    restartWindowSeconds,
    paused,
    rollback,
    attestations: attestations.map(({ until, ...rest }) => Object.assign(rest, { until: new Date(until) })),
  };
}

const dateIn = (text: string | undefined): Date | undefined => (text === undefined ? undefined : new Date(text));

/** How far a Rotation is, from its status. `known`: CAs whose certificates are at hand. */
export function progressOf({ status = {} }: Rotation, known: readonly (CAFacts | undefined)[]): RotationProgress {
  const { stage = 'Stable', generation = 0, stageSince, startedTime, completedTime, result, message } = status;
  const find = (fingerprint: string | undefined): CAFacts | undefined =>
    known.find((one) => one !== undefined && one.fingerprint === fingerprint);
  return {
    stage,
    generation,
    stageSince: dateIn(stageSince),
    startedTime: dateIn(startedTime),
    completedTime: dateIn(completedTime),
    result,
    message,
    old: factsIn(status.old, find(status.old?.fingerprint)),
    next: factsIn(status.next, find(status.next?.fingerprint)),
    history: (status.history ?? []).map(({ at, ...moment }) => Object.assign(moment, { at: new Date(at) })),
  };
}

const longestHistory = 100;

/** The status with a change of the machine's memory. */
export function changedStatus(status: RotationStatus, change: Partial<RotationProgress>): RotationStatus {
  const { stage, generation, stageSince, startedTime, completedTime, result, message, old, next, history } = change;
  const moments = history
    ?.slice(-longestHistory)
    .map(({ at, ...moment }) => Object.assign(moment, { at: formatTimestamp(at) }));
  return {
    ...status,
    ...(stage && { stage }),
    ...(generation !== undefined && { generation }),
    ...(stageSince && { stageSince: formatTimestamp(stageSince) }),
    ...(startedTime && { startedTime: formatTimestamp(startedTime) }),
    ...(completedTime && { completedTime: formatTimestamp(completedTime) }),
    ...(result && { result }),
    ...(message !== undefined && { message }),
    ...(old && { old: authorityOf(old) }),
    ...(next && { next: authorityOf(next) }),
    ...(moments && { history: moments }),
  };
}
