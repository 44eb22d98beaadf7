import { isCoded } from '#errors';
import { verifyIssuer } from '#pki/issuance';
import { parseCertificatesPEM, parsePrivateKeyPEM } from '#pki/x509';
import type { Certificate as X509, PrivateKey } from '#pki/x509';
import { formatTimestamp } from '#model/objects';
import type { IssuerStatus, Secret } from '#model/resources';
import { decodeText } from '../material.ts';
import { secretKey } from '../names.ts';
import type { IssuerSnapshot, IssuerVerdict } from './issuer-step.ts';

const prefix = 'Error getting keypair for CA issuer: ';

/**
 * Whether the Secret of a CA issuer holds a CA that can sign: a pair, with its chain, in its dates, allowed to sign
 * certificates. It makes no difference whether the CA was issued here or brought along.
 */
export function judgeCA({ secret, secretNamespace, now }: IssuerSnapshot, secretName: string): IssuerVerdict {
  const absent = missing(secret, `${secretNamespace}/${secretName}`, secretName);
  if (absent !== undefined) return { ready: false, reason: 'ErrGetKeyPair', message: `${prefix}${absent}` };
  const read = readPair(secret!);
  if ('problem' in read) return { ready: false, reason: 'ErrInvalidKeyPair', message: `${prefix}${read.problem}` };
  const { chain, key } = read;
  const ca = describe(chain[0]!);
  const problems = verifyIssuer(chain, key, now);
  if (problems.length > 0) {
    const message = `${prefix}${problems.map((problem) => problem.message).join('; ')}`;
    return { ready: false, reason: 'ErrInvalidKeyPair', message, ca, until: nextChange(chain, now) };
  }
  return { ready: true, reason: 'KeyPairVerified', message: 'Signing CA verified', ca, until: nextChange(chain, now) };
}

function missing(secret: Secret | undefined, place: string, secretName: string): string | undefined {
  if (secret === undefined) return `secrets "${secretName}" not found`;
  const absent = [secretKey.privateKey, secretKey.certificate].find((key) => !secret.data?.[key]);
  return absent === undefined ? undefined : `no data for "${absent}" in secret '${place}'`;
}

function readPair({ data = {} }: Secret): { chain: X509[]; key: PrivateKey } | { problem: string } {
  const text = (key: string): string => decodeText(data[key] ?? '');
  try {
    const above = data[secretKey.ca] ? parseCertificatesPEM(text(secretKey.ca)).slice(0, 1) : [];
    const chain = [...parseCertificatesPEM(text(secretKey.certificate)), ...above];
    return { chain, key: parsePrivateKeyPEM(text(secretKey.privateKey)) };
  } catch (error) {
    if (!isCoded(error)) throw error;
    return { problem: error.message };
  }
}

function describe(certificate: X509): IssuerStatus['ca'] {
  const { subjectText, serialNumber, fingerprint, notBefore, notAfter } = certificate;
  const dates = { notBefore: formatTimestamp(notBefore), notAfter: formatTimestamp(notAfter) };
  return { subject: subjectText, serialNumber, fingerprint, ...dates };
}

/** The next instant at which one of the certificates begins or ends to be valid. */
function nextChange(chain: readonly X509[], now: Date): Date | undefined {
  const instants = chain.flatMap(({ notBefore, notAfter }) => [notBefore.getTime(), notAfter.getTime() + 1000]);
  const ahead = instants.filter((instant) => instant > now.getTime());
  return ahead.length === 0 ? undefined : new Date(Math.min(...ahead));
}
