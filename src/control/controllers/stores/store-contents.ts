import { BoundedMemo } from '#model/resources';
import type { Keystore, KeystoreStatus, Truststore, TruststoreStatus } from '#model/resources';
import { keystoreStatus, locateKeystore, locateTruststore, truststoreStatus } from '#model/stores';
import type { KeystoreFacts, Outcome, TruststoreFacts } from '#model/stores';
import type { CryptoPool } from '#control/runtime';
import { lookupIn } from './referred-objects.ts';
import type { Referred } from './referred-objects.ts';

const remembered = 512;

/**
 * What is in stores. Files are read by the crypto pool, because a password may cost it tenths of a second, and once for as
 * long as they are the same: nothing but facts is remembered, no key.
 */
export class StoreContents {
  readonly #crypto: CryptoPool;
  readonly #keystores = new BoundedMemo<Promise<Outcome<KeystoreFacts>>>(remembered);
  readonly #truststores = new BoundedMemo<Promise<Outcome<TruststoreFacts>>>(remembered);

  constructor(crypto: CryptoPool) {
    this.#crypto = crypto;
  }

  statusOf(
    store: Keystore | Truststore,
    referred: Referred,
    users: readonly string[],
    now: Date,
  ): Promise<KeystoreStatus | TruststoreStatus> {
    return store.kind === 'Keystore'
      ? this.#keystoreStatus(store, referred, users, now)
      : this.#truststoreStatus(store as Truststore, referred, users, now);
  }

  async #keystoreStatus(
    keystore: Keystore,
    referred: Referred,
    users: readonly string[],
    now: Date,
  ): Promise<KeystoreStatus> {
    const source = locateKeystore(lookupIn(referred), placeOf(keystore));
    if (!source.ok) return keystoreStatus(keystore, source, users, now);
    const task = { task: 'describe-keystore', source: source.value, now } as const;
    const facts = await remember(this.#keystores, source.value.version, () => this.#crypto.run(task));
    return keystoreStatus(keystore, facts, users, now);
  }

  async #truststoreStatus(
    truststore: Truststore,
    referred: Referred,
    users: readonly string[],
    now: Date,
  ): Promise<TruststoreStatus> {
    const source = locateTruststore(lookupIn(referred), placeOf(truststore));
    if (!source.ok) return truststoreStatus(truststore, source, users, now);
    const task = { task: 'describe-truststore', source: source.value, now } as const;
    const facts = await remember(this.#truststores, source.value.version, () => this.#crypto.run(task));
    return truststoreStatus(truststore, facts, users, now);
  }
}

/** A worker that died is no answer to remember. */
function remember<T>(memo: BoundedMemo<Promise<T>>, version: string, make: () => Promise<T>): Promise<T> {
  const answer = memo.get(version, make);
  answer.catch(() => memo.delete(version));
  return answer;
}

function placeOf({ metadata }: Keystore | Truststore): { namespace: string; name: string } {
  return { namespace: metadata.namespace ?? '', name: metadata.name };
}
