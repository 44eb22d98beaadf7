import assert from 'node:assert/strict';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { test } from 'node:test';
import { issueCertificate } from '#pki/issuance';
import { encodeName, nameFromSubject, type Certificate, type KeySpec } from '#pki/x509';
import { strangeIdentity } from './strange-identity.ts';

const now = new Date();

function authority(key: KeySpec): Certificate {
  const { issued } = issueCertificate(
    {
      key,
      subject: encodeName(nameFromSubject({ commonName: 'claimed' })),
      altNames: [],
      keyUsages: ['cert sign'],
      extendedKeyUsages: [],
      isCA: true,
      durationSeconds: 86_400,
      withRequest: false,
    },
    undefined,
    now,
  );
  return issued.certificate;
}

const keys: readonly KeySpec[] = [
  { algorithm: 'RSA', size: 2048 },
  { algorithm: 'ECDSA', size: 256 },
  { algorithm: 'ECDSA', size: 384 },
  { algorithm: 'ECDSA', size: 521 },
  { algorithm: 'Ed25519', size: 256 },
];

for (const key of keys) {
  test(`a stranger who claims an authority with ${key.algorithm} ${key.size} is found beneath it, and not signed by it`, () => {
    const claimed = new X509Certificate(authority(key).toPEM());
    const { cert, key: own } = strangeIdentity(authority(key), now);
    const stranger = new X509Certificate(cert);
    assert.ok(stranger.checkPrivateKey(createPrivateKey(own)));
    const same = authority(key);
    const known = new X509Certificate(strangeIdentity(same, now).cert);
    assert.equal(known.checkIssued(new X509Certificate(same.toPEM())), true, 'OpenSSL considers it');
    assert.equal(known.verify(new X509Certificate(same.toPEM()).publicKey), false);
    assert.equal(known.checkIssued(claimed), false, 'one of the same name with another key is another');
  });
}

test('a stranger who claims nobody is beneath nobody', () => {
  const { cert } = strangeIdentity(undefined, now);
  assert.equal(new X509Certificate(cert).checkIssued(new X509Certificate(authority(keys[1]!).toPEM())), false);
});
