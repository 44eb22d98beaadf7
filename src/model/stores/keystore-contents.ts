import { readKeystoreMaterial } from '#pki/material';
import type { Finding, KeyEntryMaterial, MaterialFormat } from '#pki/material';
import type { KeystoreSource } from './keystore-source.ts';
import { attempt } from './read-attempt.ts';
import type { Outcome, Problem } from './problem.ts';

/** What a Keystore's bytes were found to be. Dates are not judged here: contents are remembered, and time goes on. */
export interface KeystoreContents {
  readonly format: MaterialFormat;
  /** At least one. */
  readonly entries: readonly KeyEntryMaterial[];
  readonly findings: readonly Finding[];
  /** Why it can be read, but not be used: a chain that breaks a rule. */
  readonly flaw: Problem | undefined;
}

/** Reads the files; may derive keys from passwords, which takes up to tenths of a second. */
export function readKeystoreSource(source: KeystoreSource, now: Date): Outcome<KeystoreContents> {
  const { files, password, keyPassword, alias } = source;
  return attempt(`Secret ${source.secretName}`, () => {
    const { format, entries, findings } = readKeystoreMaterial(files, { password, keyPassword, alias, now });
    const lasting = findings.filter(isLasting);
    return { format, entries, findings: lasting, flaw: flawIn(lasting, source.secretName) };
  });
}

/** What does not change with time. */
export const isLasting = ({ code }: Finding): boolean => code !== 'expired' && code !== 'not-yet-valid';

function flawIn(findings: readonly Finding[], secretName: string): Problem | undefined {
  const found = findings.find(({ severity }) => severity === 'error');
  if (found === undefined) return undefined;
  const message = `Secret ${secretName}: ${found.entry}: ${found.message}`;
  return { reason: 'ChainInvalid', message, hint: 'Give a chain that its clients accept.' };
}
