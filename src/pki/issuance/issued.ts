import { formatPEM, parseCertificate } from '#pki/x509';
import type { Certificate } from '#pki/x509';

/** A certificate that was just signed. It is copied and parsed only for who looks inside. */
export class IssuedCertificate {
  readonly #signed: Uint8Array;
  #der: Uint8Array<ArrayBuffer> | undefined;
  #certificate: Certificate | undefined;

  /** `signed` may be a view on shared memory. */
  constructor(signed: Uint8Array) {
    this.#signed = signed;
  }

  /** In memory of its own, fit to be transferred to another thread. */
  get der(): Uint8Array<ArrayBuffer> {
    return (this.#der ??= new Uint8Array(this.#signed));
  }

  get certificate(): Certificate {
    return (this.#certificate ??= parseCertificate(this.der));
  }

  toPEM(): string {
    return formatPEM('CERTIFICATE', this.#signed);
  }
}
