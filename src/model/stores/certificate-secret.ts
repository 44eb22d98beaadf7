import type { Certificate, Secret } from '#model/resources';
import { objectTerm } from './lookup.ts';
import type { Lookup, ObjectPlace } from './lookup.ts';
import { failed, found } from './problem.ts';
import type { Outcome } from './problem.ts';
import { bytesIn } from './secrets.ts';

/** A Certificate with the Secret that it was issued into. */
export interface IssuedCertificate {
  readonly certificate: Certificate;
  readonly secret: Secret;
}

/** What was issued for the Certificate at `place`; waiting while there is no such Certificate, or nothing issued yet. */
export function issuedAt(lookup: Lookup, place: ObjectPlace): Outcome<IssuedCertificate> {
  const term = objectTerm('Certificate', place.namespace, place.name);
  const certificate = lookup.get('Certificate', place.namespace, place.name);
  if (certificate === undefined) {
    const hint = 'Create the Certificate.';
    return failed({ reason: 'CertificateNotFound', message: `${term} does not exist`, hint, isWaiting: true });
  }
  const secret = lookup.get('Secret', place.namespace, certificate.spec.secretName);
  if (secret !== undefined && bytesIn(secret, 'tls.crt') !== undefined) return found({ certificate, secret });
  const hint = `Look at the Certificate: kubectl describe certificate -n ${place.namespace} ${place.name}.`;
  return failed({ reason: 'CertificateNotIssued', message: `${term} is not issued yet`, hint, isWaiting: true });
}
