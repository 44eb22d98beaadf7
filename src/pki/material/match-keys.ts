import { CodedError } from '#errors';
import { formatKeySpec } from '#pki/x509';
import type { Certificate } from '#pki/x509';
import { quotedName } from './facts.ts';
import type { FoundCertificate, FoundKey } from './found.ts';

/**
 * The certificate of a key: the first of its own chain where the container has one, else the one with its public key; of
 * several, such as after a renewal with the same key, the one that lasts longest among those valid at `now`. Error
 * `key-mismatch`.
 */
export function certificateOf(key: FoundKey, certificates: readonly FoundCertificate[], now: Date): Certificate {
  const [own] = key.chain ?? [];
  if (own !== undefined) return ofOwnChain(key, own);
  const fitting = certificates.map(({ certificate }) => certificate).filter(({ spki }) => key.key.matches(spki));
  const best = fitting.sort((a, b) => rank(b, now) - rank(a, now) || Number(b.notAfter) - Number(a.notAfter))[0];
  if (best === undefined) throw noCertificate(key, certificates);
  return best;
}

function rank(certificate: Certificate, now: Date): number {
  return certificate.isValidAt(now) ? 1 : 0;
}

function ofOwnChain({ key, place }: FoundKey, { certificate }: FoundCertificate): Certificate {
  if (key.matches(certificate.spki)) return certificate;
  throw mismatch(`${place}: the key is not that of its certificate ${quotedName(certificate)}.`, place);
}

function noCertificate({ place, key }: FoundKey, certificates: readonly FoundCertificate[]): CodedError {
  if (certificates.length === 0) return mismatch(`${place}: there is no certificate with it.`, place);
  const single = certificates.length === 1 ? certificates[0] : undefined;
  const whose = single === undefined ? '' : `; ${quotedName(single.certificate)} has another key`;
  const message = `${place}: no certificate in the file belongs to it (${formatKeySpec(key.spec)})${whose}.`;
  return mismatch(message, place);
}

function mismatch(message: string, field: string): CodedError {
  const hint = 'Give the certificate that was issued for this key, or the key that the certificate was made with.';
  return new CodedError('key-mismatch', message, { field, hint });
}
