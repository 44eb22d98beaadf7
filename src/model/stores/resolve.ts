import type { KeyEntryMaterial, TrustedMaterial } from '#pki/material';
import { onlyEntryFlaw } from './flaws.ts';
import type { KeystoreContents } from './keystore-contents.ts';
import { locateKeystore } from './keystore-source.ts';
import { objectTerm } from './lookup.ts';
import type { Lookup, ObjectPlace } from './lookup.ts';
import { noMemo } from './memo.ts';
import type { StoreMemo } from './memo.ts';
import { failed, found } from './problem.ts';
import type { Outcome, Problem } from './problem.ts';
import { locateTruststore } from './truststore-source.ts';

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
  if (!source.ok) return source;
  const { secretName, version } = source.value;
  const contents = memo.readKeystore(source.value, now);
  if (!contents.ok) return contents;
  const entry = onlyEntry(contents.value, place);
  return entry.ok ? found({ entry: entry.value, secretName, flaw: contents.value.flaw, version }) : entry;
}

function onlyEntry({ entries }: KeystoreContents, { namespace, name }: ObjectPlace): Outcome<KeyEntryMaterial> {
  const flaw = onlyEntryFlaw({ entries, count: entries.length });
  if (flaw === undefined) return found(entries[0]!);
  return failed({ ...flaw, message: `${objectTerm('Keystore', namespace, name)}: ${flaw.message}` });
}

/** The certificates that the Truststore at `place` trusts. Dates are not judged. */
export function resolveTruststore(
  lookup: Lookup,
  place: ObjectPlace,
  now: Date,
  memo: StoreMemo = noMemo,
): Outcome<ResolvedTruststore> {
  const source = locateTruststore(lookup, place);
  if (!source.ok) return source;
  const contents = memo.readTruststore(source.value, now);
  if (!contents.ok) return contents;
  return found({ certificates: contents.value.certificates, version: source.value.version });
}
