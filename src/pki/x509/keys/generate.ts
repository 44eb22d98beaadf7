import { createECDH, generateKeyPair, generateKeyPairSync } from 'node:crypto';
import type { ECDH, KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { encodeECPKCS8, encodeECPublicKey, encodeSEC1 } from './ec-encoding.ts';
import { KeyObjectSource, PrivateKey, importPrivateKey } from './private-key.ts';
import type { KeyEncoding, KeySource } from './private-key.ts';
import { ed25519, requireKeySpec } from './spec.ts';
import type { KeySpec } from './spec.ts';

const rsaExponent = 65_537;

/**
 * A new key, on this thread: about 20 µs for P-256, 35 ms for RSA 2048. Fails with key-unsupported.
 */
export function generateKey(spec: KeySpec): PrivateKey {
  requireKeySpec(spec);
  if (spec.algorithm === 'ECDSA') return generateEC(spec.size);
  if (spec.algorithm === 'Ed25519') return generateEd25519();
  const { privateKey, publicKey } = generateKeyPairSync('rsa', rsaOptions(spec));
  return fromPair(spec, privateKey, publicKey);
}

const generatePair = promisify(generateKeyPair);

/** A new key; RSA is made on the thread pool, the others are faster made than handed over. Fails with key-unsupported. */
export async function generateKeyAsync(spec: KeySpec): Promise<PrivateKey> {
  if (spec.algorithm !== 'RSA') return generateKey(spec);
  requireKeySpec(spec);
  const { privateKey, publicKey } = await generatePair('rsa', rsaOptions(spec));
  return fromPair(spec, privateKey, publicKey);
}

function rsaOptions(spec: KeySpec): { modulusLength: number; publicExponent: number } {
  return { modulusLength: spec.size, publicExponent: rsaExponent };
}

function fromPair(spec: KeySpec, privateKey: KeyObject, publicKey: KeyObject): PrivateKey {
  return new PrivateKey(spec, publicKey.export({ format: 'der', type: 'spki' }), new KeyObjectSource(privateKey));
}

function generateEd25519(): PrivateKey {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  return fromPair(ed25519, privateKey, publicKey);
}

const curveNames = new Map([
  [256, 'prime256v1'],
  [384, 'secp384r1'],
  [521, 'secp521r1'],
]);
const generators = new Map<number, ECDH>();

/** ECDH hands out scalar and point without node's key export, which costs three times the key itself. */
function generateEC(size: number): PrivateKey {
  const ecdh = generators.get(size) ?? createECDH(curveNames.get(size)!);
  generators.set(size, ecdh);
  const point = ecdh.generateKeys();
  const spec: KeySpec = { algorithm: 'ECDSA', size };
  return new PrivateKey(spec, encodeECPublicKey(size, point), new ECSource(size, ecdh.getPrivateKey(), point));
}

/** An ECDSA key as its scalar and public point. */
class ECSource implements KeySource {
  readonly #size: number;
  readonly #scalar: Uint8Array;
  readonly #point: Uint8Array;

  constructor(size: number, scalar: Uint8Array, point: Uint8Array) {
    this.#size = size;
    this.#scalar = scalar;
    this.#point = point;
  }

  encode(encoding: KeyEncoding): Uint8Array {
    const encodeKey = encoding === 'PKCS8' ? encodeECPKCS8 : encodeSEC1;
    return encodeKey(this.#size, this.#scalar, this.#point);
  }

  toKeyObject(): KeyObject {
    return importPrivateKey(this.encode('PKCS8'), 'pkcs8');
  }
}
