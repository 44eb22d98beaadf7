import type { X509Certificate } from 'node:crypto';
import { isCoded } from '#errors';
import { describeCertificate } from '#pki/material';
import { parseCertificate } from '#pki/x509';
import type { Presented } from './proof.ts';

const longestChain = 10;

/** What a backend showed, its own certificate first; undefined when it showed none, or none that can be read. */
export function presentedOf(shown: readonly X509Certificate[]): Presented | undefined {
  try {
    const [own, ...issuers] = shown.slice(0, longestChain).map(({ raw }) => parseCertificate(raw));
    if (own === undefined) return undefined;
    const { subject, issuer, fingerprint, notBefore, notAfter } = describeCertificate(own);
    const chain = [...new Set(issuers.map((certificate) => certificate.fingerprint))].filter(
      (one) => one !== fingerprint,
    );
    return { subject, issuer, fingerprint, notBefore, notAfter, ...(chain.length === 0 ? {} : { chain }) };
  } catch (error) {
    if (!isCoded(error)) throw error;
    return undefined;
  }
}
