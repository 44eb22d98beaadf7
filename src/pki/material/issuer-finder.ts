import { isSelfSigned } from '#pki/x509';
import type { Certificate } from '#pki/x509';
import { sizeLimits, tooLarge } from './limits.ts';

/** Knows who of a set of certificates issued whom: by name and signature. Every signature is checked once, and counted. */
export class IssuerFinder {
  readonly #bySubject: ReadonlyMap<string, readonly Certificate[]>;
  readonly #issuers = new Map<Certificate, readonly Certificate[]>();
  readonly #selfSigned = new Map<Certificate, boolean>();
  readonly #now: Date;
  #checks = 0;

  /** Of distinct certificates. */
  constructor(certificates: readonly Certificate[], now: Date) {
    this.#bySubject = Map.groupBy(certificates, ({ rawSubject }) => nameKey(rawSubject));
    this.#now = now;
  }

  isSelfSigned(certificate: Certificate): boolean {
    const known = this.#selfSigned.get(certificate);
    if (known !== undefined) return known;
    if (certificate.isSelfIssued) this.#count();
    const found = isSelfSigned(certificate);
    this.#selfSigned.set(certificate, found);
    return found;
  }

  /** Those that issued it, itself excepted; the one to present first: valid now, a root, the one that lasts longest. */
  issuersOf(certificate: Certificate): readonly Certificate[] {
    const known = this.#issuers.get(certificate);
    if (known !== undefined) return known;
    const found = this.namesakesOf(certificate).filter((candidate) => this.#isSignedBy(certificate, candidate));
    const sorted = found.sort(
      (a, b) => this.#preference(b) - this.#preference(a) || Number(b.notAfter) - Number(a.notAfter),
    );
    this.#issuers.set(certificate, sorted);
    return sorted;
  }

  /** Those that have the issuer's name, whether they signed or not. */
  namesakesOf(certificate: Certificate): Certificate[] {
    const found = this.#bySubject.get(nameKey(certificate.rawIssuer)) ?? [];
    return found.filter((candidate) => candidate !== certificate);
  }

  #isSignedBy(certificate: Certificate, issuer: Certificate): boolean {
    this.#count();
    return certificate.isSignedBy(issuer);
  }

  #preference(certificate: Certificate): number {
    return (certificate.isValidAt(this.#now) ? 2 : 0) + (this.isSelfSigned(certificate) ? 1 : 0);
  }

  #count(): void {
    if (++this.#checks <= sizeLimits.signatureChecks) return;
    const hint = 'Give the certificates of one chain, not all generations of it.';
    throw tooLarge(`More than ${sizeLimits.signatureChecks} signatures would have to be checked.`, undefined, hint);
  }
}

function nameKey(name: Uint8Array): string {
  return Buffer.from(name.buffer, name.byteOffset, name.length).toString('latin1');
}
