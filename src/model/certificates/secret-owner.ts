import type { Certificate, Secret } from '#model/resources';
import { annotation } from './names.ts';
import type { CertificateSnapshot } from './snapshot.ts';

/**
 * Whose Secret it is when several Certificates name the same one: the Certificate that the Secret says it was issued
 * for, if that one still names it; else the oldest, and among equally old ones the first by name.
 */
export function secretOwner(claimants: readonly Certificate[], secret: Secret | undefined): Certificate | undefined {
  const named = secret?.metadata.annotations?.[annotation.certificateName];
  return claimants.find((claimant) => claimant.metadata.name === named) ?? oldest(claimants);
}

function oldest(claimants: readonly Certificate[]): Certificate | undefined {
  return claimants.reduce<Certificate | undefined>(
    (first, claimant) => (first === undefined || isOlder(claimant, first) ? claimant : first),
    undefined,
  );
}

function isOlder(a: Certificate, b: Certificate): boolean {
  const [ageA, ageB] = [a.metadata.creationTimestamp, b.metadata.creationTimestamp];
  return ageA === ageB ? a.metadata.name < b.metadata.name : ageA < ageB;
}

/** Whether the Certificate of the snapshot is the one that may write its Secret. */
export function ownsSecret({ certificate, secret, secretRivals }: CertificateSnapshot): boolean {
  if (secretRivals.length === 0) return true;
  return secretOwner([certificate, ...secretRivals], secret) === certificate;
}
