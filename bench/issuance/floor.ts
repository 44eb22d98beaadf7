import { createECDH, generateKeyPairSync, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type { KeySpec } from '#pki/x509';
import { generateKey } from '#pki/x509';
import type { Contender } from '../harness.ts';
import { repeat } from '../harness.ts';

const tbs = Buffer.alloc(480, 7);

/** What no certificate can be made without, and nothing else: one key pair in bytes, one signature. */
export function floor(spec: KeySpec): Contender {
  const { keyObject } = generateKey(spec);
  const digest = spec.algorithm === 'Ed25519' ? null : 'sha256';
  const newKey = bareKey(spec);
  const once = (): void => {
    newKey();
    sign(digest, tbs, keyObject);
  };
  return { name: 'floor: bare key and signature', batch: (seconds) => repeat(seconds, once) };
}

/** The same through node's documented way to a key: generateKeyPairSync with both halves exported. */
export function exportFloor(spec: KeySpec): Contender {
  const { keyObject } = generateKey(spec);
  const digest = spec.algorithm === 'Ed25519' ? null : 'sha256';
  const once = (): void => {
    const { publicKey, privateKey } = newPair(spec);
    publicKey.export({ format: 'der', type: 'spki' });
    privateKey.export({ format: 'pem', type: 'pkcs8' });
    sign(digest, tbs, keyObject);
  };
  return { name: 'floor: generateKeyPairSync, export, signature', batch: (seconds) => repeat(seconds, once) };
}

function bareKey(spec: KeySpec): () => unknown {
  if (spec.algorithm !== 'ECDSA') return () => newPair(spec).privateKey;
  const ecdh = createECDH('prime256v1');
  return () => [ecdh.generateKeys(), ecdh.getPrivateKey()];
}

function newPair(spec: KeySpec): { publicKey: KeyObject; privateKey: KeyObject } {
  if (spec.algorithm === 'RSA') return generateKeyPairSync('rsa', { modulusLength: spec.size });
  return spec.algorithm === 'ECDSA'
    ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
    : generateKeyPairSync('ed25519');
}
