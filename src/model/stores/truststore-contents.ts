import { readCertificateText, readTruststoreMaterial } from '#pki/material';
import type { Finding, MaterialFormat, TrustedMaterial, TruststoreMaterial } from '#pki/material';
import { isLasting, readKeystoreSource } from './keystore-contents.ts';
import { failed, found } from './problem.ts';
import type { Outcome, Problem } from './problem.ts';
import { attempt } from './read-attempt.ts';
import type { FilePart, KeystorePart, TrustPart, TruststoreSource } from './truststore-source.ts';

/** What a Truststore's bytes were found to be, each certificate once. */
export interface TruststoreContents {
  /** Of the first source. */
  readonly format: MaterialFormat | undefined;
  readonly certificates: readonly TrustedMaterial[];
  readonly findings: readonly Finding[];
}

/** Reads all parts, the first that fails being the answer. */
export function readTruststoreSource(
  source: TruststoreSource,
  now: Date,
  readPart: typeof readTrustPart = readTrustPart,
): Outcome<TruststoreContents> {
  const read: TruststoreContents[] = [];
  for (const part of source.parts) {
    const contents = readPart(part, now);
    if (!contents.ok) return failed(atPlace(contents.problem, part.place));
    read.push(contents.value);
  }
  return found(merged(read));
}

/** What is remembered of bytes must not say where they were first met. */
const atPlace = (problem: Problem, place: string): Problem => ({ ...problem, message: `${place}: ${problem.message}` });

/** Reads the certificates of one part. Problems do not say which part it is. */
export function readTrustPart(part: TrustPart, now: Date): Outcome<TruststoreContents> {
  if (part.type === 'keystore') return readKeystorePart(part, now);
  return attempt('', () =>
    part.type === 'text' ? contentsOf(readCertificateText(part.text, { now })) : readFilePart(part, now),
  );
}

function readFilePart({ file, password, onlyFirst }: FilePart, now: Date): TruststoreContents {
  const contents = contentsOf(readTruststoreMaterial([file], { password, now }));
  if (!onlyFirst) return contents;
  return { ...contents, certificates: contents.certificates.slice(0, 1), findings: [] };
}

function readKeystorePart({ keystore }: KeystorePart, now: Date): Outcome<TruststoreContents> {
  const contents = readKeystoreSource(keystore, now);
  if (!contents.ok) return contents;
  const { format, entries } = contents.value;
  const certificates = entries.map(({ alias, certificate }) => ({ alias, certificate, isCA: certificate.isCA }));
  return found({ format, certificates, findings: [] });
}

const contentsOf = ({ format, certificates, findings }: TruststoreMaterial): TruststoreContents => ({
  format,
  certificates,
  findings: findings.filter(isLasting),
});

function merged(read: readonly TruststoreContents[]): TruststoreContents {
  const byFingerprint = new Map<string, TrustedMaterial>();
  const findings = read.flatMap((contents) => contents.findings);
  for (const trusted of read.flatMap(({ certificates }) => certificates)) {
    const { fingerprint, subjectText } = trusted.certificate;
    if (!byFingerprint.has(fingerprint)) byFingerprint.set(fingerprint, trusted);
    else findings.push(repeated(subjectText));
  }
  return { format: read[0]?.format, certificates: [...byFingerprint.values()], findings };
}

const repeated = (subject: string): Finding => ({
  severity: 'info',
  code: 'duplicate',
  message: 'Several sources hold this certificate; it was taken once.',
  entry: `certificate "${subject}"`,
});
