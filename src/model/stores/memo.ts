import { BoundedMemo } from '#model/resources';
import { readKeystoreSource } from './keystore-contents.ts';
import type { KeystoreContents } from './keystore-contents.ts';
import type { KeystoreSource } from './keystore-source.ts';
import type { Outcome } from './problem.ts';
import { readTruststoreSource, readTrustPart } from './truststore-contents.ts';
import type { TruststoreContents } from './truststore-contents.ts';
import type { TrustPart, TruststoreSource } from './truststore-source.ts';

/** What was read of bytes that are still the same, by their version. Holds private keys: it belongs to one process. */
export interface StoreMemo {
  readKeystore(source: KeystoreSource, now: Date): Outcome<KeystoreContents>;
  readTruststore(source: TruststoreSource, now: Date): Outcome<TruststoreContents>;
  readPart(part: TrustPart, now: Date): Outcome<TruststoreContents>;
}

/** Remembers the newest `limit` keystores, as many truststores, and as many of their sources. */
export function createStoreMemo(limit: number): StoreMemo {
  const keystores = new BoundedMemo<Outcome<KeystoreContents>>(limit);
  const truststores = new BoundedMemo<Outcome<TruststoreContents>>(limit);
  const parts = new BoundedMemo<Outcome<TruststoreContents>>(limit);
  const readPart: StoreMemo['readPart'] = (part, now) => parts.get(part.version, () => readTrustPart(part, now));
  return {
    readKeystore: (source, now) => keystores.get(source.version, () => readKeystoreSource(source, now)),
    readTruststore: (source, now) => truststores.get(source.version, () => readTruststoreSource(source, now, readPart)),
    readPart,
  };
}

/** Reads everything anew. */
export const noMemo: StoreMemo = {
  readKeystore: readKeystoreSource,
  readTruststore: readTruststoreSource,
  readPart: readTrustPart,
};
