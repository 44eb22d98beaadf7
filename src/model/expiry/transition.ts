import { createHash } from 'node:crypto';
import { expiryState, isAlarming } from './expiry-state.ts';
import type { ExpiryState, ExpiryVerdict } from './expiry-state.ts';
import { reasonOf } from './expiry-condition.ts';
import { identityOf, lifeOf } from './watched-certificate.ts';
import type { WatchedCertificate } from './watched-certificate.ts';
import { ending } from './wording.ts';

/** A certificate has come into another state. */
export interface ExpiryTransition {
  readonly certificate: WatchedCertificate;
  readonly verdict: ExpiryVerdict;
  readonly at: Date;
}

export function judge(certificate: WatchedCertificate, now: Date): ExpiryVerdict {
  return expiryState(lifeOf(certificate), now);
}

/** What the Event of a transition says. */
export function transitionRemark({ certificate, verdict }: ExpiryTransition): {
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
} {
  const type = isAlarming(verdict.state) ? 'Warning' : 'Normal';
  return { type, reason: reasonOf(verdict.state), message: transitionText(certificate, verdict) };
}

function transitionText(certificate: WatchedCertificate, verdict: ExpiryVerdict): string {
  const { subject, notAfter, source } = certificate;
  const place = source.path === 'status' ? '' : ` (${source.path})`;
  return `${ending(subject, notAfter, verdict)}${place}${users(certificate)}`;
}

const namedUsers = 3;

function users({ usedBy = [] }: WatchedCertificate): string {
  if (usedBy.length === 0) return '';
  const more = usedBy.length > namedUsers ? ` and ${usedBy.length - namedUsers} more` : '';
  return `; used by ${usedBy.slice(0, namedUsers).join(', ')}${more}`;
}

/** What is posted to a webhook. */
export interface ExpiryMessage {
  readonly version: 1;
  /** The same for the same change of state, whenever it is told. */
  readonly id: string;
  readonly event: string;
  readonly state: ExpiryState;
  readonly at: string;
  readonly message: string;
  readonly daysLeft: number;
  readonly certificate: WatchedCertificate;
}

/** Facts of the certificate only: a receiver is nobody to trust with more. */
export function transitionMessage(transition: ExpiryTransition): ExpiryMessage {
  const { certificate, verdict, at } = transition;
  const { state } = verdict;
  return {
    version: 1,
    id: createHash('sha256')
      .update(`${identityOf(certificate)}\n${state}`)
      .digest('hex')
      .slice(0, 32),
    event: reasonOf(verdict.state),
    state,
    at: at.toISOString(),
    message: transitionText(certificate, verdict),
    daysLeft: Math.round(verdict.daysLeft * 100) / 100,
    certificate,
  };
}
