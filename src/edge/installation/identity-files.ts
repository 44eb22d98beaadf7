import { dirname, join } from 'node:path';
import { CodedError, isCoded } from '#errors';
import { createAuthority, issueCertificate, type CertificateAuthority, type IssueOrder } from '#pki/issuance';
import {
  encodeName,
  nameFromSubject,
  p256,
  parseCertificatesPEM,
  parsePrivateKeyPEM,
  type Certificate,
  type GeneralName,
  type SubjectFields,
} from '#pki/x509';
import { readPrivateFile, writePrivateFile } from './private-file.ts';

/** A certificate and its key, as PEM texts, as they lie in the data directory. */
export interface PEMPair {
  readonly cert: string;
  readonly key: string;
}

const secondsPerDay = 86_400;
const authorityDays = 3650;
const leafDays = 365;

/** Renewed when less than a third of its life is left. */
function isFresh(certificate: Certificate, now: Date): boolean {
  const life = certificate.notAfter.getTime() - certificate.notBefore.getTime();
  return now >= certificate.notBefore && certificate.notAfter.getTime() - now.getTime() > life / 3;
}

/** The authority that the API of this installation trusts and is trusted by; made at the first start. */
export async function ensureAuthority(
  directory: string,
  now: Date,
): Promise<{ authority: CertificateAuthority; pem: string }> {
  const found = await readPair(directory, 'ca');
  const pair =
    found !== undefined && isFresh(leafOf(found), now)
      ? found
      : await writePair(directory, 'ca', issue(authorityOrder, undefined, now));
  return { authority: openAuthority(directory, pair), pem: pair.cert };
}

function openAuthority(directory: string, pair: PEMPair): CertificateAuthority {
  try {
    return createAuthority(parseCertificatesPEM(pair.cert), parsePrivateKeyPEM(pair.key));
  } catch (cause) {
    if (!isCoded(cause)) throw cause;
    throw new CodedError(cause.code, cause.message, {
      field: join(directory, 'ca.key'),
      hint: `Put back ca.crt and ca.key, or remove both: then new ones are made, and ${dirname(directory)}/kubeconfig changes.`,
      cause,
    });
  }
}

/** The pair `name` of that authority: the one in the directory, or a new one when it is missing, old, or not as wanted. */
export async function ensureLeaf(
  directory: string,
  name: string,
  wanted: {
    readonly subject: SubjectFields;
    readonly hosts?: readonly string[];
    readonly usage: 'server auth' | 'client auth';
  },
  authority: CertificateAuthority,
  now: Date,
): Promise<PEMPair> {
  const found = await readPair(directory, name);
  if (found !== undefined && isFresh(leafOf(found), now) && serves(leafOf(found), authority, wanted.hosts ?? []))
    return found;
  return writePair(directory, name, issue(leafOrder(wanted), authority, now));
}

function serves(leaf: Certificate, { certificate }: CertificateAuthority, hosts: readonly string[]): boolean {
  const names = [...leaf.subjectAltNames.dnsNames, ...leaf.subjectAltNames.ipAddresses];
  return leaf.isSignedBy(certificate) && hosts.every((host) => names.includes(host));
}

function leafOf(pair: PEMPair): Certificate {
  return parseCertificatesPEM(pair.cert)[0]!;
}

const authorityOrder: IssueOrder = {
  key: p256,
  subject: encodeName(nameFromSubject({ commonName: 'Chancery API CA' })),
  altNames: [],
  keyUsages: ['digital signature', 'cert sign', 'crl sign'],
  extendedKeyUsages: [],
  isCA: true,
  durationSeconds: authorityDays * secondsPerDay,
  withRequest: false,
};

function leafOrder({
  subject,
  hosts = [],
  usage,
}: {
  subject: SubjectFields;
  hosts?: readonly string[];
  usage: string;
}): IssueOrder {
  return {
    ...authorityOrder,
    subject: encodeName(nameFromSubject(subject)),
    altNames: hosts.map((value): GeneralName => ({ type: /^[\d.]+$|:/.test(value) ? 'ip' : 'dns', value })),
    keyUsages: ['digital signature'],
    extendedKeyUsages: [usage],
    isCA: false,
    durationSeconds: leafDays * secondsPerDay,
  };
}

function issue(order: IssueOrder, authority: CertificateAuthority | undefined, now: Date): PEMPair {
  const { key, issued } = issueCertificate(order, authority, now);
  return { cert: issued.toPEM(), key: key.toPEM('PKCS8') };
}

async function readPair(directory: string, name: string): Promise<PEMPair | undefined> {
  const [cert, key] = await Promise.all([
    readPrivateFile(join(directory, `${name}.crt`)),
    readPrivateFile(join(directory, `${name}.key`)),
  ]);
  return cert === undefined || key === undefined ? undefined : { cert, key };
}

/** The key first: a certificate without its key must never be there. */
async function writePair(directory: string, name: string, pair: PEMPair): Promise<PEMPair> {
  await writePrivateFile(join(directory, `${name}.key`), pair.key);
  await writePrivateFile(join(directory, `${name}.crt`), pair.cert);
  return pair;
}
