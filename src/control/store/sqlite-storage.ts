import { openDataDirectory } from './data-directory.ts';
import { seal, unseal } from './encryption/envelope.ts';
import { openKeyring } from './encryption/open-keyring.ts';
import { rotateKeys } from './encryption/rotate-keys.ts';
import { SqliteKv } from './sqlite-kv.ts';
import type { DataDirectory } from './data-directory.ts';
import type { Keyring } from './encryption/keyring.ts';
import type { KeySource } from './encryption/open-keyring.ts';
import type { Rotation } from './encryption/rotate-keys.ts';
import type { ValueCipher } from './object-codec.ts';
import type { SqliteOptions } from './sqlite-kv.ts';

export interface StorageOptions extends SqliteOptions {
  /** The text of an environment variable that holds the key, or a new key before an old one; wins over the key file. */
  readonly encryptionKey?: string | undefined;
}

/** Everything of a data directory that a store needs: locked, opened, and with the key that fits. */
export interface SqliteStorage {
  readonly directory: DataDirectory;
  readonly kv: SqliteKv;
  readonly cipher: ValueCipher;
  /** A new key for everything that is sealed, past values too; finishes a rotation that was cut off. */
  rotateKeys(): Promise<Rotation>;
  /** Commits what waits, closes the database, and lets another process have the directory. */
  close(): Promise<void>;
}

/**
 * Opens `path`, and makes what is missing. Throws store-locked, store-damaged, store-unavailable, store-full,
 * key-file-missing, key-file-wrong; nothing is left locked then.
 */
export async function openSqliteStorage(path: string, options: StorageOptions = {}): Promise<SqliteStorage> {
  const directory = openDataDirectory(path);
  try {
    return await openLocked(directory, options);
  } catch (error) {
    directory.release();
    throw error;
  }
}

async function openLocked(directory: DataDirectory, options: StorageOptions): Promise<SqliteStorage> {
  const kv = SqliteKv.open(directory.database, options);
  try {
    const source = { file: directory.keyFile, environment: options.encryptionKey };
    return assemble(directory, { kv, source, keyring: openKeyring(kv, source) });
  } catch (error) {
    await kv.close();
    throw error;
  }
}

interface Parts {
  readonly kv: SqliteKv;
  readonly keyring: Keyring;
  readonly source: KeySource;
}

function assemble(directory: DataDirectory, { kv, keyring, source }: Parts): SqliteStorage {
  return {
    directory,
    kv,
    cipher: {
      seal: (key, plain) => seal(keyring, key, plain),
      open: (key, sealed) => unseal(keyring, key, sealed),
    },
    rotateKeys: () => rotateKeys(kv, keyring, source),
    close: async () => {
      await kv.close();
      directory.release();
    },
  };
}
