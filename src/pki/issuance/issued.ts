import { formatPEM, parseCertificate } from '#pki/x509';
import type { Certificate } from '#pki/x509';

/** A certificate that was just signed. It is parsed only for who looks inside. */
export class IssuedCertificate {
  /** Memory of its own, fit to be transferred to another thread. */
  readonly der: Uint8Array<ArrayBuffer>;
  #certificate: Certificate | undefined;

  constructor(der: Uint8Array<ArrayBuffer>) {
    this.der = der;
  }

  get certificate(): Certificate {
    return (this.#certificate ??= parseCertificate(this.der));
  }

  toPEM(): string {
    return formatPEM('CERTIFICATE', this.der);
  }
}
