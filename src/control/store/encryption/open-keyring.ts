import { keyEncryptionKey, Keyring } from './keyring.ts';
import { newKey, parseKeys, readKeyFile, writeKeyFile } from './key-file.ts';
import { rewrap, seal, unseal } from './envelope.ts';

/** Small values that a store keeps beside its keys, without revisions. */
export interface Notes {
  readNote(name: string): Uint8Array | undefined;
  writeNote(name: string, value: Uint8Array): void;
}

/** Where the keys come from: `environment` is the text of a variable, and wins over the file. */
export interface KeySource {
  readonly file: string;
  readonly environment?: string | undefined;
}

const witnessName = 'encryption-witness';
const witnessText = Buffer.from('opens');

/**
 * The keyring for the database that `notes` belongs to. At the first start a key file is made, and a witness is sealed
 * and kept, by which every later start knows at once whether it has the right key. Throws key-file-missing and
 * key-file-wrong.
 */
export function openKeyring(notes: Notes, source: KeySource): Keyring {
  const witness = notes.readNote(witnessName);
  const keyring = new Keyring(readKeys(source, witness === undefined).map(keyEncryptionKey));
  if (witness === undefined) renewWitness(notes, keyring);
  else unseal(keyring, witnessName, witness);
  return keyring;
}

/** Seals the witness with the primary key. */
export function renewWitness(notes: Notes, keyring: Keyring): void {
  const witness = notes.readNote(witnessName);
  const renewed = witness ? rewrap(keyring, witnessName, witness) : seal(keyring, witnessName, witnessText);
  if (renewed) notes.writeNote(witnessName, renewed);
}

function readKeys({ file, environment }: KeySource, mayCreate: boolean): readonly Uint8Array[] {
  if (environment !== undefined && environment !== '') return parseKeys(environment, 'the key from the environment');
  const keys = readKeyFile(file);
  if (keys !== undefined || !mayCreate) return keys ?? [];
  const first = [newKey()];
  writeKeyFile(file, first);
  return first;
}
