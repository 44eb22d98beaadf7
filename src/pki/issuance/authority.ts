import { CodedError } from '#errors';
import { isSelfSigned, mayIssue, parseCertificateChain } from '#pki/x509';
import type { Certificate, PrivateKey } from '#pki/x509';
import { splitCross } from './cross-certificates.ts';
import { Issuer } from './issuer.ts';

/** A CA ready to sign, with what accompanies its certificates in a Secret. */
export interface CertificateAuthority {
  readonly issuer: Issuer;
  readonly certificate: Certificate;
  /** PEM of the intermediates and cross-certificates that follow an end-entity certificate in `tls.crt`; empty below a root. */
  readonly chainPEM: string;
  /** PEM for `ca.crt`: the root when it is known, else the topmost intermediate. */
  readonly caPEM: string;
}

/**
 * The CA of these certificates, the signing one first, and its key. Fails with issuer-unfit when the key is not the
 * certificate's or the certificate may not sign, chain-malformed when the certificates are not one chain that begins
 * with the signing one. Dates are not looked at; `verifyIssuer` tells everything.
 */
export function createAuthority(certificates: readonly Certificate[], key: PrivateKey): CertificateAuthority {
  const [certificate] = certificates;
  if (certificate === undefined) throw unfit('no certificate is given');
  if (!key.matches(certificate.spki)) throw unfit('the private key is not the key of the certificate');
  if (!mayIssue(certificate)) throw unfit('certificate is not a CA');
  return {
    issuer: new Issuer(key, certificate.rawSubject, certificate),
    certificate,
    ...bundleBelow(certificates),
  };
}

/** An issuer whose certificates are signed by the key that they hold. `subject` is the DER name of the certificate. */
export function createSelfIssuer(subject: Uint8Array, key: PrivateKey): Issuer {
  return new Issuer(key, subject);
}

/** What `parseCertificateChain` would make of these certificates with one more below the first. */
function bundleBelow(certificates: readonly Certificate[]): { chainPEM: string; caPEM: string } {
  const { plain, cross } = splitCross(certificates);
  const { chain, ca } = parseCertificateChain(plain);
  if (!chain[0]!.equals(certificates[0]!)) {
    throw new CodedError('chain-malformed', 'the signing certificate is not the first of its chain');
  }
  const intermediates = chain.filter((certificate) => !isSelfSigned(certificate));
  return {
    chainPEM: [...intermediates, ...cross].map((certificate) => certificate.toPEM()).join(''),
    caPEM: (ca ?? chain.at(-1)!).toPEM(),
  };
}

function unfit(message: string): CodedError {
  return new CodedError('issuer-unfit', message, {
    hint: 'Put the CA certificate, followed by its issuers, in tls.crt and its own key in tls.key.',
  });
}
