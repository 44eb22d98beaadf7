import { formatTimestamp } from '#model/objects';
import type { RotationAuthority } from '#model/resources';
import type { CAFacts } from '#model/rotation';
import type { Certificate as X509 } from '#pki/x509';

const hex = (bytes: Uint8Array | undefined): string | undefined =>
  bytes === undefined ? undefined : Buffer.from(bytes).toString('hex');

export const keyIdOf = ({ subjectKeyId }: X509): string | undefined => hex(subjectKeyId);
export const authorityKeyIdOf = ({ authorityKeyId }: X509): string | undefined => hex(authorityKeyId);

/** Facts of the first certificate, the others being those above it. */
export function factsOf([certificate, ...above]: readonly X509[]): CAFacts | undefined {
  if (certificate === undefined) return undefined;
  const { fingerprint, subjectText, notAfter } = certificate;
  const subjectKeyId = keyIdOf(certificate);
  return {
    fingerprint,
    subject: subjectText,
    notAfter,
    ...(subjectKeyId === undefined ? {} : { subjectKeyId }),
    path: [fingerprint, ...(certificate.isSelfIssued ? [] : above.map((one) => one.fingerprint))],
  };
}

/** As a status tells of it. */
export function authorityOf({ fingerprint, subject, notAfter, subjectKeyId }: CAFacts): RotationAuthority {
  return {
    fingerprint,
    subject,
    notAfter: formatTimestamp(notAfter),
    ...(subjectKeyId === undefined ? {} : { subjectKeyId }),
  };
}

/** Back from a status; what is above it is told by `known`, while its Secret is there. */
export function factsIn(authority: RotationAuthority | undefined, known: CAFacts | undefined): CAFacts | undefined {
  if (authority === undefined) return undefined;
  const { fingerprint, subject, notAfter, subjectKeyId } = authority;
  return {
    fingerprint,
    subject,
    notAfter: new Date(notAfter),
    ...(subjectKeyId === undefined ? {} : { subjectKeyId }),
    path: known?.fingerprint === fingerprint ? known.path : [fingerprint],
  };
}
