import { seal, unseal } from './encryption/envelope.ts';
import type { Keyring } from './encryption/keyring.ts';
import { openKeyring } from './encryption/open-keyring.ts';
import { rotateKeys } from './encryption/rotate-keys.ts';
import type { Rotation } from './encryption/rotate-keys.ts';
import { openDataDirectory } from './data-directory.ts';
import type { DataDirectory } from './data-directory.ts';
import { KeyValueStore } from './key-value-store.ts';
import type { ValueCipher } from './object-codec.ts';
import { partsOf } from './open.ts';
import type { StoreOptions } from './open.ts';
import type { ResourceStore } from './resource-store.ts';
import type { RetentionPolicy } from './retention.ts';
import { RetentionLoop } from './retention-loop.ts';
import { SqliteKv } from './sqlite-kv.ts';

/** A data directory, and the key that opens its secrets when that is not in a file of it. */
export interface DataDirectoryOptions {
  readonly dataDirectory: string;
  /** Keys in base64 or hexadecimal, the primary first; wins over the key file. */
  readonly secretsKey?: string | undefined;
}

export interface SqliteStoreOptions extends StoreOptions, DataDirectoryOptions {
  /** What history to keep. Default: 1,000 revisions and five minutes. */
  readonly retention?: RetentionPolicy;
}

const retentionMilliseconds = 60_000;

/**
 * The store in one directory, which is made if need be and belongs to this process until `close`. Throws store-locked,
 * store-damaged, store-unavailable, store-full, key-file-missing and key-file-wrong.
 */
export async function openSqliteStore(options: SqliteStoreOptions): Promise<ResourceStore> {
  return inDataDirectory(options, async ({ directory, kv, keyring }) => {
    const parts = partsOf(options);
    const retention = new RetentionLoop(kv, {
      everyMilliseconds: retentionMilliseconds,
      clock: () => performance.now(),
      ...(options.retention && { policy: options.retention }),
    });
    const onClose = async () => {
      await retention.stop();
      directory.release();
    };
    return new KeyValueStore({ ...parts, kv, cipher: cipherOf(keyring), exclusive: true, onClose });
  });
}

/**
 * Replaces the key that secrets are encrypted with, in a data directory that no process uses. Cut off, it is finished
 * by the next call.
 */
export async function rotateSecretsKey(options: DataDirectoryOptions): Promise<Rotation> {
  return inDataDirectory(options, async ({ directory, kv, keyring }) => {
    const rotation = await rotateKeys(kv, keyring, keySource(directory, options));
    await kv.close();
    directory.release();
    return rotation;
  });
}

interface OpenedDirectory {
  readonly directory: DataDirectory;
  readonly kv: SqliteKv;
  readonly keyring: Keyring;
}

/** Opens everything in order; when a step fails, or `use` does, closes what was opened before it. */
async function inDataDirectory<T>(
  options: DataDirectoryOptions,
  use: (opened: OpenedDirectory) => Promise<T>,
): Promise<T> {
  const directory = openDataDirectory(options.dataDirectory);
  let kv: SqliteKv | undefined;
  try {
    kv = SqliteKv.open(directory.database);
    const keyring = openKeyring(kv, keySource(directory, options));
    return await use({ directory, kv, keyring });
  } catch (error) {
    await kv?.close();
    directory.release();
    throw error;
  }
}

function keySource(directory: DataDirectory, { secretsKey }: DataDirectoryOptions) {
  return { file: directory.keyFile, environment: secretsKey };
}

function cipherOf(keyring: Keyring): ValueCipher {
  return {
    seal: (key, plain) => seal(keyring, key, plain),
    open: (key, sealed) => unseal(keyring, key, sealed),
  };
}
