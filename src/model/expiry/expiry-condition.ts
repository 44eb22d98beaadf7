import type { ConditionUpdate } from '#model/objects';
import { expiryState, expiryStates, isAlarming } from './expiry-state.ts';
import type { ExpiryState, ExpiryVerdict } from './expiry-state.ts';
import { ending } from './wording.ts';
import { lifeOf } from './watched-certificate.ts';

/** A certificate as statuses tell of it. */
export interface DatedCertificate {
  readonly subject: string;
  readonly notBefore?: string | undefined;
  readonly notAfter: string;
  readonly isCA?: boolean | undefined;
}

export interface ExpiryCondition {
  readonly condition: ConditionUpdate;
  /** When it says something else if nothing is done; undefined when it stays so. */
  readonly nextChange: Date | undefined;
}

/**
 * The condition `Expiring` of an object that holds certificates: True with reason CertificateExpiring or
 * CertificateExpired when one needs attention, naming the most urgent. `managed`: renewed by themselves.
 */
export function expiryCondition(
  certificates: readonly DatedCertificate[],
  now: Date,
  { managed = false }: { readonly managed?: boolean } = {},
): ExpiryCondition {
  const judged = certificates.map((certificate) => ({
    certificate,
    verdict: expiryState({ ...lifeOf(certificate), managed }, now),
  }));
  const alarming = judged.filter(({ verdict }) => isAlarming(verdict.state)).toSorted(byUrgency);
  const nextChange = earliest(judged.map(({ verdict }) => verdict.nextChange));
  const [first] = alarming;
  if (first === undefined) return { condition: nothingExpires, nextChange };
  const others = alarming.length === 1 ? '' : `; ${alarming.length - 1} more need attention`;
  const message = `${ending(first.certificate.subject, first.certificate.notAfter, first.verdict)}${others}`;
  return {
    condition: { type: 'Expiring', status: 'True', reason: reasonOf(first.verdict.state), message },
    nextChange,
  };
}

/** The reason, one word, under which Events and conditions tell of a state. */
export function reasonOf(state: ExpiryState): string {
  return reasons[state];
}

const reasons: Readonly<Record<ExpiryState, string>> = {
  ok: 'CertificateReplaced',
  'not-yet-valid': 'CertificateReplaced',
  due: 'CertificateRenewalOverdue',
  warning: 'CertificateExpiring',
  critical: 'CertificateExpiring',
  expired: 'CertificateExpired',
};

const nothingExpires: ConditionUpdate = {
  type: 'Expiring',
  status: 'False',
  reason: 'NothingExpires',
  message: 'No certificate is near its end',
};

interface Judged {
  readonly certificate: DatedCertificate;
  readonly verdict: ExpiryVerdict;
}

function byUrgency(a: Judged, b: Judged): number {
  const states = expiryStates.indexOf(b.verdict.state) - expiryStates.indexOf(a.verdict.state);
  return states || a.verdict.daysLeft - b.verdict.daysLeft;
}

function earliest(instants: readonly (Date | undefined)[]): Date | undefined {
  const known = instants.filter((instant) => instant !== undefined).map((instant) => instant.getTime());
  // A store may hold thousands: `Math.min(...)` would put each on the stack.
  return known.length === 0 ? undefined : new Date(known.reduce((first, one) => Math.min(first, one)));
}
