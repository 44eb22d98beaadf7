import type { KeyEntryMaterial, TrustedMaterial } from '#pki/material';
import type { Keystore, TruststoreSource as SpecSource } from '#model/resources';
import { onlyEntryFlaw } from './flaws.ts';
import type { KeystoreContents } from './keystore-contents.ts';
import { locateKey, locateKeystore } from './keystore-source.ts';
import type { KeystoreSource } from './keystore-source.ts';
import { objectTerm } from './lookup.ts';
import type { Lookup, ObjectPlace } from './lookup.ts';
import { noMemo } from './memo.ts';
import type { StoreMemo } from './memo.ts';
import { failed, found } from './problem.ts';
import type { Outcome, Problem } from './problem.ts';
import { locateTrust, locateTruststore } from './truststore-source.ts';
import type { TrustHolder, TruststoreSource } from './truststore-source.ts';

export interface ResolvedKeystore {
  /** The one key that is meant. */
  readonly entry: KeyEntryMaterial;
  /** The Secret that it came from, `ns/name`. */
  readonly secretName: string;
  /** Why it should not be used where there is something better: a chain that breaks a rule. */
  readonly flaw: Problem | undefined;
  /** Equal for equal material. */
  readonly version: string;
}

export interface ResolvedTruststore {
  /** Each once. */
  readonly certificates: readonly TrustedMaterial[];
  /** Equal for equal material. */
  readonly version: string;
}

/** The key and chain that the Keystore at `place` stands for. Dates are not judged. */
export function resolveKeystore(
  lookup: Lookup,
  place: ObjectPlace,
  now: Date,
  memo: StoreMemo = noMemo,
): Outcome<ResolvedKeystore> {
  const source = locateKeystore(lookup, place);
  return readKey(source, objectTerm('Keystore', place.namespace, place.name), now, memo);
}

/** The same for the key that another object, `term` in messages, names as a Keystore does. */
export const resolveKey = (
  lookup: Lookup,
  origin: { readonly spec: Keystore['spec']; readonly namespace: string; readonly term: string },
  now: Date,
  memo: StoreMemo = noMemo,
): Outcome<ResolvedKeystore> =>
  readKey(locateKey(lookup, origin.spec, origin.namespace, origin.term), origin.term, now, memo);

function readKey(source: Outcome<KeystoreSource>, term: string, now: Date, memo: StoreMemo): Outcome<ResolvedKeystore> {
  if (!source.ok) return source;
  const { secretName, version } = source.value;
  const contents = memo.readKeystore(source.value, now);
  if (!contents.ok) return contents;
  const entry = onlyEntry(contents.value, term);
  return entry.ok ? found({ entry: entry.value, secretName, flaw: contents.value.flaw, version }) : entry;
}

function onlyEntry({ entries }: KeystoreContents, term: string): Outcome<KeyEntryMaterial> {
  const flaw = onlyEntryFlaw({ entries, count: entries.length });
  return flaw === undefined ? found(entries[0]!) : failed({ ...flaw, message: `${term}: ${flaw.message}` });
}

/** The certificates that the Truststore at `place` trusts. Dates are not judged. */
export function resolveTruststore(
  lookup: Lookup,
  place: ObjectPlace,
  now: Date,
  memo: StoreMemo = noMemo,
): Outcome<ResolvedTruststore> {
  return readTrust(locateTruststore(lookup, place), now, memo);
}

/** The same for one source that another object names as a Truststore does; `at` is its number there. */
export const resolveTrust = (
  lookup: Lookup,
  origin: { readonly holder: TrustHolder; readonly source: SpecSource; readonly at: number },
  now: Date,
  memo: StoreMemo = noMemo,
): Outcome<ResolvedTruststore> => readTrust(locateTrust(lookup, origin.holder, origin.source, origin.at), now, memo);

function readTrust(source: Outcome<TruststoreSource>, now: Date, memo: StoreMemo): Outcome<ResolvedTruststore> {
  if (!source.ok) return source;
  const contents = memo.readTruststore(source.value, now);
  if (!contents.ok) return contents;
  return found({ certificates: contents.value.certificates, version: source.value.version });
}
