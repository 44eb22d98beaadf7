/**
 * How near certificates are to their end, wherever they are: what is found in an object, how urgent it is by the fraction
 * of its life and by days, and what is told of it: conditions, Events, messages, a calendar. Says nothing of how
 * certificates are renewed; that is `#model/certificates`.
 *
 * Invariants: pure, `now` is an argument. A state begins at an instant that depends on the certificate alone, so that who
 * knows up to when he has looked knows what is new. No private key and no password in any text.
 */
export { expiryState, isAlarming } from './expiry-state.ts';
export type { CertificateLife, ExpiryState, ExpiryVerdict } from './expiry-state.ts';
export { longestAlarmDays } from './policy.ts';
export { expiryCondition } from './expiry-condition.ts';
export type { DatedCertificate, ExpiryCondition } from './expiry-condition.ts';
export { identityOf, lifeOf } from './watched-certificate.ts';
export type { CertificateSource, WatchedCertificate } from './watched-certificate.ts';
export { certificatesIn } from './found-in.ts';
export { seenAtBackends } from './seen-at-backends.ts';
export { judge, transitionMessage, transitionRemark } from './transition.ts';
export type { ExpiryMessage, ExpiryTransition } from './transition.ts';
export { expiryCalendar } from './calendar.ts';
export { byUrgency } from './expiry-list.ts';
export type { ExpiringCertificate, ExpiryList } from './expiry-list.ts';
