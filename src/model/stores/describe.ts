import { describeCertificate, readTruststoreMaterial } from '#pki/material';
import type { Finding, KeyEntryMaterial, TrustedMaterial } from '#pki/material';
import type { KeystoreEntry, TruststoreEntry } from '#model/resources';
import type { KeystoreSource } from './keystore-source.ts';
import { noMemo } from './memo.ts';
import type { StoreMemo } from './memo.ts';
import { found } from './problem.ts';
import { attempt } from './read-attempt.ts';
import type { Outcome, Problem } from './problem.ts';
import type { TruststoreSource } from './truststore-source.ts';

/** What a status tells of a Keystore's files. Plain JSON values without a secret: may come from another thread. */
export interface KeystoreFacts {
  readonly format: string;
  readonly secretName: string;
  /** At most 100. */
  readonly entries: readonly KeystoreEntry[];
  /** How many keys there are. */
  readonly count: number;
  /** RFC 3339; the earliest of all certificates, also of those that no entry tells of. */
  readonly notAfter: string | undefined;
  /** What should be known, as sentences with their place. */
  readonly remarks: readonly string[];
  /** Why it cannot be used, whatever its dates. */
  readonly flaw?: Problem;
}

export interface TruststoreFacts {
  readonly format: string | undefined;
  /** At most 500. */
  readonly entries: readonly TruststoreEntry[];
  readonly count: number;
  readonly notAfter: string | undefined;
  readonly remarks: readonly string[];
}

/** A bundle of the world's public CAs has some 150; a file may hold thousands, which no status can bear. */
const maxTrusted = 500;
const maxRemarks = 10;

/** Reads a Keystore's files, which may take tenths of a second where passwords are involved, and describes them. */
export function describeKeystore(source: KeystoreSource, now: Date, memo: StoreMemo = noMemo): Outcome<KeystoreFacts> {
  const contents = memo.readKeystore(source, now);
  if (!contents.ok) return contents;
  const { format, entries, findings, flaw } = contents.value;
  return found({
    format,
    secretName: source.secretName,
    entries: entries.map(keystoreEntry),
    count: entries.length,
    notAfter: earliest(entries.flatMap(({ chain }) => chain)),
    remarks: remarksOf(isWhole(entries, source, now) ? findings.filter(isAboutContent) : findings),
    ...(flaw === undefined ? {} : { flaw }),
  });
}

const isAboutContent = ({ code }: Finding): boolean => code !== 'missing-intermediate';

/** Whether `ca.crt` has the issuer of every chain that does not reach its root. */
function isWhole(entries: readonly KeyEntryMaterial[], { issuers }: KeystoreSource, now: Date): boolean {
  if (issuers === undefined) return false;
  const read = attempt('', () => readTruststoreMaterial([issuers], { now }));
  const names = new Set(read.ok ? read.value.certificates.map(({ certificate }) => certificate.subjectText) : []);
  return entries.every(({ missingIssuer }) => missingIssuer === undefined || names.has(missingIssuer));
}

/** Reads the sources of a Truststore and describes its certificates. */
export function describeTruststore(
  source: TruststoreSource,
  now: Date,
  memo: StoreMemo = noMemo,
): Outcome<TruststoreFacts> {
  const contents = memo.readTruststore(source, now);
  if (!contents.ok) return contents;
  const { format, certificates, findings } = contents.value;
  return found({
    format,
    entries: certificates.slice(0, maxTrusted).map(truststoreEntry),
    count: certificates.length,
    notAfter: earliest(certificates.map(({ certificate }) => certificate)),
    remarks: remarksOf(findings),
  });
}

function keystoreEntry({ alias, chain }: KeyEntryMaterial): KeystoreEntry {
  const [own, ...issuers] = chain.map((certificate) => mutable(describeCertificate(certificate)));
  return issuers.length === 0 ? { alias, ...own! } : { alias, ...own!, chain: issuers };
}

function truststoreEntry({ alias, certificate }: TrustedMaterial): TruststoreEntry {
  const facts = mutable(describeCertificate(certificate));
  return alias === undefined || alias === '' ? facts : { alias, ...facts };
}

function mutable<T extends { readonly dnsNames?: readonly string[] }>({ dnsNames, ...facts }: T) {
  return dnsNames === undefined ? facts : { ...facts, dnsNames: [...dnsNames] };
}

function earliest(certificates: readonly { readonly notAfter: Date }[]): string | undefined {
  if (certificates.length === 0) return undefined;
  const milliseconds = certificates.reduce((least, { notAfter }) => Math.min(least, notAfter.getTime()), Infinity);
  return `${new Date(milliseconds).toISOString().slice(0, -5)}Z`;
}

function remarksOf(findings: readonly Finding[]): string[] {
  return findings
    .filter(({ severity }) => severity !== 'info')
    .slice(0, maxRemarks)
    .map(({ entry, message }) => `${entry}: ${message}`);
}
