import { hasReached } from '../acks.ts';
import type { AckRule } from '../acks.ts';
import type { AckLevel } from '../snapshot.ts';
import type { Blocking } from '../step.ts';
import type { Holder, RotationView, Wanted } from '../view.ts';
import type { Guard, Verdict } from './guard.ts';
import { evidenceOf, verdict } from './guard.ts';

export interface ReachedWords {
  readonly name: string;
  readonly why: string;
}

/** Open when every serving instance of our own has reached `level` with every material of `kind`. */
export function allReached(kind: 'trusts' | 'identities', level: AckLevel, { name, why }: ReachedWords): Guard {
  return { name, why, check: (view, acks) => checkReached(view, kind, level, acks) };
}

function checkReached(
  view: RotationView,
  kind: 'trusts' | 'identities',
  level: AckLevel,
  acks: readonly AckRule[],
): Verdict {
  const holders = view[kind].filter(({ instance }) => instance.external !== true);
  const { late = [], done = [] } = Object.groupBy(holders, (holder) =>
    hasReached(holder, level, wantedBy(view, holder), acks) ? 'done' : 'late',
  );
  const summary = `${done.length} of ${holders.length} materials ${level}`;
  return verdict(
    late,
    (holder) => lagging(holder, level, wantedBy(view, holder)),
    evidenceOf(summary, done, (holder) => proofOf(holder, level)),
  );
}

export function wantedBy({ wanted }: RotationView, { material }: Holder): Wanted {
  return wanted.get(material.of)!;
}

function proofOf({ instance, material }: Holder, level: AckLevel): string {
  const { content, generation, at } = material.acks[level]!;
  const { workload, name } = instance;
  return `${workload} ${name} ${material.name}: ${level} ${short(content)} generation ${generation} at ${at.toISOString()}`;
}

function lagging({ instance, material }: Holder, level: AckLevel, wanted: Wanted): Blocking {
  const ack = material.acks[level];
  return {
    workload: instance.workload,
    instance: instance.name,
    material: material.name,
    wanted: `${level} ${short(wanted.content)} generation ${wanted.generation}`,
    has: ack === undefined ? `not ${level}` : `${level} ${short(ack.content)} generation ${ack.generation}`,
    message: material.message ?? lateMessage[level],
    hint: instance.lastSeenTime === undefined ? neverSeen : hints[level],
  };
}

export function short(fingerprint: string): string {
  return fingerprint.slice(0, 12);
}

const neverSeen = 'Start the agent of this instance, or take the instance out of service.';

const lateMessage: Readonly<Record<AckLevel, string>> = {
  delivered: 'The material has not arrived.',
  loaded: 'The engine has not loaded it.',
  persisted: 'It is not where a restart would find it.',
  proven: 'No handshake has shown it.',
  exclusive: 'Processes or sessions from before are alive.',
};

const hints: Readonly<Record<AckLevel, string>> = {
  delivered: 'Look whether the agent reaches the control plane.',
  loaded: 'Look at the last reload of the engine, and reload or restart it.',
  persisted: 'Look whether the agent may write its files, and whether the disk is full.',
  proven: 'Look whether the agent reaches the port that it probes, and what is presented there.',
  exclusive: 'Wait for old processes to end, end them, or restart the instance.',
};
