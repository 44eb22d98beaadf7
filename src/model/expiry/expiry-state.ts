import { authorityPolicy, leafPolicy } from './policy.ts';
import type { ExpiryPolicy, Threshold } from './policy.ts';

/** What of a certificate decides how urgent its end is. */
export interface CertificateLife {
  /** Left out when it is not known: then only days count. */
  readonly notBefore?: Date | undefined;
  /** The last second in which it is valid. */
  readonly notAfter: Date;
  readonly isCA?: boolean | undefined;
  /** Somebody renews it. Without a `renewalTime` its renewal is watched elsewhere, and here only its end counts. */
  readonly managed?: boolean | undefined;
  readonly renewalTime?: Date | undefined;
}

/** In rising order of urgency. `due`: a renewal that should have happened has not. */
export const expiryStates = ['ok', 'not-yet-valid', 'due', 'warning', 'critical', 'expired'] as const;
export type ExpiryState = (typeof expiryStates)[number];

export interface ExpiryVerdict {
  readonly state: ExpiryState;
  /** Negative once it has expired. */
  readonly daysLeft: number;
  /** Of its life, 0 to 1; undefined when its beginning is not known. */
  readonly fractionLeft: number | undefined;
  /** When this state began; undefined for the first one. */
  readonly since: Date | undefined;
  /** When the next state begins if nothing is done; undefined when there is none. */
  readonly nextChange: Date | undefined;
}

const day = 86_400_000;

/** How urgent the end of a certificate is at `now`, and when that changes. */
export function expiryState(life: CertificateLife, now: Date, policy = policyFor(life)): ExpiryVerdict {
  const stages = stagesOf(life, policy);
  const past = stages.filter(({ from }) => from <= now.getTime());
  const current = past.at(-1);
  const next = stages[past.length];
  const left = life.notAfter.getTime() - now.getTime();
  return {
    state: current?.state ?? 'not-yet-valid',
    daysLeft: left / day,
    fractionLeft: fractionOf(left, lifetimeOf(life)),
    since: current === undefined || current.from === -Infinity ? undefined : new Date(current.from),
    nextChange: next === undefined ? undefined : new Date(next.from),
  };
}

/** Whether `state` is one that somebody should hear of. */
export function isAlarming(state: ExpiryState): boolean {
  return state !== 'ok' && state !== 'not-yet-valid';
}

export function policyFor({ isCA = false }: CertificateLife): ExpiryPolicy {
  return isCA ? authorityPolicy : leafPolicy;
}

interface Stage {
  readonly state: ExpiryState;
  readonly from: number;
}

/** The states that the certificate passes through, in time order; of stages that begin together only the last. */
function stagesOf(life: CertificateLife, { warning, critical }: ExpiryPolicy): Stage[] {
  const ends = { state: 'expired', from: life.notAfter.getTime() + 1000 } as const;
  const earliest = overdueFrom(life);
  const alarms: Stage[] = [
    ...(life.renewalTime === undefined ? [] : [{ state: 'due', from: earliest } as const]),
    { state: 'warning', from: Math.max(earliest, alarmFrom(life, warning)) },
    { state: 'critical', from: Math.max(earliest, alarmFrom(life, critical)) },
  ];
  const stages: Stage[] = [{ state: 'ok', from: validFrom(life) }, ...alarms, ends];
  return stages.filter(({ from }, index) => stages.slice(index + 1).every((later) => later.from > from));
}

function validFrom({ notBefore }: CertificateLife): number {
  return notBefore?.getTime() ?? -Infinity;
}

/** Before its renewal is overdue, nobody needs to hear that a managed certificate ends. */
function overdueFrom(life: CertificateLife): number {
  if (life.renewalTime !== undefined) return life.renewalTime.getTime() + graceOf(life);
  return life.managed === true ? Infinity : validFrom(life);
}

const minute = 60_000;
const hour = 60 * minute;

/** How late a renewal may be, milliseconds: a fiftieth of the life, at least a minute and at most an hour. */
function graceOf(life: CertificateLife): number {
  return Math.min(hour, Math.max(minute, (lifetimeOf(life) ?? Infinity) / 50));
}

function alarmFrom(life: CertificateLife, { fraction, days }: Threshold): number {
  const lead = Math.min(days * day, fraction * (lifetimeOf(life) ?? Infinity));
  return life.notAfter.getTime() - lead;
}

/** Milliseconds. */
function lifetimeOf({ notBefore, notAfter }: CertificateLife): number | undefined {
  return notBefore === undefined ? undefined : Math.max(0, notAfter.getTime() - notBefore.getTime());
}

function fractionOf(left: number, lifetime: number | undefined): number | undefined {
  if (lifetime === undefined) return undefined;
  return lifetime === 0 ? 0 : Math.min(1, Math.max(0, left / lifetime));
}
