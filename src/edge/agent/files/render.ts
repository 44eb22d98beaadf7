import { writeKeystoreMaterial, writeTruststoreMaterial, type KeyEntryMaterial } from '#pki/material';
import type { WorkloadFile } from '#model/resources';
import type { DesiredIdentity, DesiredTrust } from '#model/workloads';
import type { FileContent } from './file-content.ts';
import { steadyRandom } from './steady-random.ts';

type Material = DesiredIdentity | DesiredTrust;

const formats = { pem: 'PEM', pkcs12: 'PKCS12', jks: 'JKS' } as const;
const secretMode = 0o600;
const publicMode = 0o644;

/** The bytes, mode and owner of one file of a Workload. The same arguments give the same bytes. */
export function renderFile(file: WorkloadFile, material: Material, password: string | undefined): FileContent {
  const { path, content, format, mode, owner, of } = file;
  const hasKey = content === 'key' || content === 'certificate-and-key';
  const isPart = format === 'pem' && (content === 'certificate' || content === 'key');
  return {
    path,
    of,
    owner,
    mode: mode === undefined ? (hasKey ? secretMode : publicMode) : Number.parseInt(mode, 8),
    bytes: material.kind === 'trust' ? trustBytes(file, material, password) : identityBytes(file, material, password),
    ...(isPart ? { pair: of } : {}),
  };
}

function trustBytes({ format }: WorkloadFile, { certificates }: DesiredTrust, password: string | undefined) {
  const random = steadyRandom([password ?? '', ...certificates.map(({ certificate }) => certificate.der)]);
  const named = certificates.map((one) => ({ ...one, alias: one.alias ?? aliasOf(one.certificate.fingerprint) }));
  const now = earliest(certificates.map(({ certificate }) => certificate.notBefore));
  const [file] = writeTruststoreMaterial(named, { format: formats[format], password, random, now });
  return file!.bytes;
}

/** Stays when other certificates come and go. */
const aliasOf = (fingerprint: string): string => `anchor-${fingerprint.slice(0, 12)}`;

function identityBytes(
  { content, format }: WorkloadFile,
  { entry }: DesiredIdentity,
  password: string | undefined,
): Uint8Array {
  if (format === 'pem') return Buffer.from(identityPEM(content, entry));
  const key = entry.key.toDER('PKCS8');
  const random = steadyRandom([key, password ?? '', ...entry.chain.map(({ der }) => der)]);
  const now = entry.certificate.notBefore;
  const [file] = writeKeystoreMaterial([entry], { format: formats[format], password, random, now });
  return file!.bytes;
}

/** Servers read the certificate first, then its issuers; the key may stand at the end. */
function identityPEM(content: WorkloadFile['content'], { chain, key }: KeyEntryMaterial): string {
  const certificates = chain.map((certificate) => certificate.toPEM()).join('');
  if (content === 'key') return key.toPEM('PKCS8');
  return content === 'certificate' ? certificates : certificates + key.toPEM('PKCS8');
}

function earliest(dates: readonly Date[]): Date {
  return new Date(Math.min(...dates.map((date) => date.getTime())));
}
