import { createCipheriv, createSecretKey, randomBytes } from 'node:crypto';
import { seal, unseal } from '../../src/control/store/encryption/envelope.ts';
import { newKey } from '../../src/control/store/encryption/key-file.ts';
import { keyEncryptionKey, Keyring } from '../../src/control/store/encryption/keyring.ts';
import { measure, printTable, repeat } from '../harness.ts';
import type { MeasureOptions } from '../harness.ts';

/** Sealing and opening a secret of 3 kB, against one bare AES-256-GCM encryption of it. */
export async function compareSealing(options: MeasureOptions): Promise<object> {
  const keyring = new Keyring([keyEncryptionKey(newKey())]);
  const plain = randomBytes(3000);
  const sealed = seal(keyring, '/secret', plain);
  const key = createSecretKey(randomBytes(32));
  const nonce = Buffer.alloc(12);
  const bare = () => {
    const cipher = createCipheriv('aes-256-gcm', key, nonce);
    cipher.update(plain);
    cipher.final();
    cipher.getAuthTag();
  };
  const contenders = [
    { name: 'bare AES-256-GCM', batch: (seconds: number) => repeat(seconds, bare) },
    { name: 'seal', batch: (seconds: number) => repeat(seconds, () => seal(keyring, '/secret', plain)) },
    { name: 'unseal', batch: (seconds: number) => repeat(seconds, () => unseal(keyring, '/secret', sealed)) },
  ];
  const measurements = await measure(contenders, { ...options, clock: 'cpu' });
  printTable('Secrets of 3 kB', 'per CPU second', measurements);
  return { name: 'secrets of 3 kB', unit: 'per CPU second', measurements };
}
