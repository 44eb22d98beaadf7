import assert from 'node:assert/strict';
import { test } from 'node:test';
import { passwordBytes } from './password.ts';
import { derivePKCS12 } from './pkcs12-kdf.ts';

/** The vectors that circulate with PKCS#12 implementations since RSA Laboratories published them. */
const vectors = [
  {
    password: 'smeg',
    salt: '0a58cf64530d823f',
    iterations: 1,
    purpose: 'key',
    expected: '8aaae6297b6cb04642ab5b077851284eb7128f1a2a7fbca3',
  },
  { password: 'smeg', salt: '0a58cf64530d823f', iterations: 1, purpose: 'iv', expected: '79993dfe048d3b76' },
  {
    password: 'smeg',
    salt: '642b99ab44fb4b1f',
    iterations: 1,
    purpose: 'key',
    expected: 'f3a95fec48d7711e985cfe67908c5ab79fa3d7c5caa5d966',
  },
  { password: 'smeg', salt: '642b99ab44fb4b1f', iterations: 1, purpose: 'iv', expected: 'c0a38d64a79bea1d' },
  {
    password: 'smeg',
    salt: '3d83c0e4546ac140',
    iterations: 1,
    purpose: 'mac',
    expected: '8d967d88f6caa9d714800ab3d48051d63f73a312',
  },
  {
    password: 'queeg',
    salt: '05dec959acff72f7',
    iterations: 1000,
    purpose: 'key',
    expected: 'ed2034e36328830ff09df1e1a07dd357185dac0d4f9eb3d4',
  },
  { password: 'queeg', salt: '05dec959acff72f7', iterations: 1000, purpose: 'iv', expected: '11dedad7758d4860' },
  {
    password: 'queeg',
    salt: '1682c0fc5b3f7ec5',
    iterations: 1000,
    purpose: 'key',
    expected: '483dd6e919d7de2e8e648ba8f862f3fbfbdc2bcb2c02957f',
  },
  {
    password: 'queeg',
    salt: '263216fcc2fab31c',
    iterations: 1000,
    purpose: 'mac',
    expected: '5ec4c7a80df652294c3925b6489a7ab857c83476',
  },
] as const;

for (const { password, salt, iterations, purpose, expected } of vectors) {
  test(`derivePKCS12() makes the ${purpose} of "${password}" with salt ${salt}`, () => {
    const derived = derivePKCS12({
      digest: 'sha1',
      purpose,
      password: passwordBytes(password).bmp,
      salt: Buffer.from(salt, 'hex'),
      iterations,
      size: expected.length / 2,
    });
    assert.equal(Buffer.from(derived).toString('hex'), expected);
  });
}
