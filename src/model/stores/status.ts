import { setCondition } from '#model/objects';
import type { Condition, ConditionUpdate } from '#model/objects';
import type { Keystore, KeystoreStatus, Truststore, TruststoreStatus } from '#model/resources';
import type { KeystoreFacts, TruststoreFacts } from './describe.ts';
import { expiredFlaw, onlyEntryFlaw } from './flaws.ts';
import type { Outcome, Problem } from './problem.ts';

/** How many users a status names. */
const maxUsers = 100;

/**
 * The status that a Keystore shall have: Ready with what was read, or not Ready with the reason. What was read stays in it
 * while nothing better was read, and conditions of other types stay. `users` are all users, as `Kind ns/name`.
 */
export function keystoreStatus(
  keystore: Keystore,
  facts: Outcome<KeystoreFacts>,
  users: readonly string[],
  now: Date,
): KeystoreStatus {
  const { metadata, status = {} } = keystore;
  const flaw = facts.ok ? keystoreFlaw(facts.value, now) : facts.problem;
  const count = facts.ok ? facts.value.count : 0;
  const ready = readiness(flaw, metadata.generation, `${counted(count, 'key')}, verified`, facts);
  const { conditions, ...common } = commonStatus(status.conditions, ready, metadata.generation, users, now);
  if (!facts.ok) return { ...status, ...common, conditions };
  const { format, secretName, entries, notAfter } = facts.value;
  return { ...common, conditions, format, secretName, entries: [...entries], ...optional({ notAfter }) };
}

function keystoreFlaw(facts: KeystoreFacts, now: Date): Problem | undefined {
  return onlyEntryFlaw(facts) ?? facts.flaw ?? expiredFlaw(facts.entries, now);
}

/** As keystoreStatus, for a Truststore. */
export function truststoreStatus(
  truststore: Truststore,
  facts: Outcome<TruststoreFacts>,
  users: readonly string[],
  now: Date,
): TruststoreStatus {
  const { metadata, status = {} } = truststore;
  const flaw = facts.ok ? allExpired(facts.value, now) : facts.problem;
  const count = facts.ok ? facts.value.count : 0;
  const ready = readiness(flaw, metadata.generation, `${counted(count, 'certificate')}, verified`, facts);
  const { conditions, ...common } = commonStatus(status.conditions, ready, metadata.generation, users, now);
  if (!facts.ok) return { ...status, ...common, conditions };
  const { format, entries, notAfter } = facts.value;
  return { ...common, conditions, entries: [...entries], ...optional({ format, notAfter }) };
}

/** A truststore with one good certificate still does its work; with none it cannot. */
function allExpired({ entries }: TruststoreFacts, now: Date): Problem | undefined {
  const flaws = entries.map((entry) => expiredFlaw([entry], now));
  return flaws.length > 0 && flaws.every((flaw) => flaw !== undefined) ? flaws[0] : undefined;
}

function readiness(
  flaw: Problem | undefined,
  observedGeneration: number | undefined,
  good: string,
  facts: Outcome<KeystoreFacts | TruststoreFacts>,
): ConditionUpdate {
  const generation = observedGeneration === undefined ? {} : { observedGeneration };
  if (flaw !== undefined) {
    const hint = flaw.hint === undefined ? '' : `. ${flaw.hint}`;
    return { type: 'Ready', status: 'False', reason: flaw.reason, message: `${flaw.message}${hint}`, ...generation };
  }
  const remarks = facts.ok ? facts.value.remarks : [];
  const message = [good, ...remarks].join('; ');
  return { type: 'Ready', status: 'True', reason: 'Verified', message, ...generation };
}

function commonStatus(
  before: readonly Condition[] | undefined,
  ready: ConditionUpdate,
  generation: number | undefined,
  users: readonly string[],
  now: Date,
) {
  return {
    ...optional({ observedGeneration: generation }),
    conditions: [...setCondition(before, ready, now)],
    usedBy: users.slice(0, maxUsers),
    usedByCount: users.length,
  };
}

/** The fields that have a value. */
function optional<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never;
}

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;
