import type { Keystore } from './keystore.ts';
import { unsupported } from './limits.ts';

/**
 * Java compares the names of entries without regard to case, and keeps the last of two that are alike: such a keystore
 * would lose an entry without a word. Entries without a name are told apart by Java itself. Error: `keystore-unsupported`.
 */
export function assertDistinctAliases(keystore: Keystore): void {
  const seen = new Set<string>();
  for (const [i, { alias }] of keystore.entries.entries()) {
    const name = alias.toLowerCase();
    if (name !== '' && seen.has(name)) {
      const hint = 'Give every entry a name of its own; upper and lower case are the same to Java.';
      throw unsupported(`A second entry is named "${alias}".`, `entries[${i}].alias`, hint);
    }
    seen.add(name);
  }
}
