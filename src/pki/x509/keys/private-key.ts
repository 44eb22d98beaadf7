import { createPrivateKey, createPublicKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { inspect } from 'node:util';
import { CodedError } from '#errors';
import { formatPEM } from '../pem.ts';
import { publicKeySpec } from './public-key.ts';
import { formatKeySpec } from './spec.ts';
import type { KeySpec } from './spec.ts';

/** cert-manager's `privateKey.encoding`. PKCS1 means SEC1 for ECDSA; Ed25519 has only PKCS8. */
export type KeyEncoding = 'PKCS1' | 'PKCS8';

/** Where a key's encodings come from: its parts when they are at hand, which is much faster, or node:crypto. */
export interface KeySource {
  encode(encoding: KeyEncoding): Uint8Array;
  toKeyObject(): KeyObject;
}

/**
 * A private key with its public half. Printing, logging or serializing it shows the kind of key only; the bytes come out
 * of `toDER`, `toPEM` and `keyObject`, which are searched for in reviews.
 */
export class PrivateKey {
  readonly spec: KeySpec;
  /** DER SubjectPublicKeyInfo. */
  readonly spki: Uint8Array;
  readonly #source: KeySource;
  #keyObject: KeyObject | undefined;

  constructor(spec: KeySpec, spki: Uint8Array, source: KeySource) {
    this.spec = spec;
    this.spki = spki;
    this.#source = source;
  }

  /** Node's handle, made on first use. Handles can be passed to worker threads; PrivateKey values cannot. */
  get keyObject(): KeyObject {
    return (this.#keyObject ??= this.#source.toKeyObject());
  }

  /** The bytes inside the PEM block that `toPEM` writes for the same encoding. */
  toDER(encoding: KeyEncoding): Uint8Array {
    return this.#source.encode(this.spec.algorithm === 'Ed25519' ? 'PKCS8' : encoding);
  }

  /** `RSA PRIVATE KEY`, `EC PRIVATE KEY` or `PRIVATE KEY`, as cert-manager writes `tls.key`. */
  toPEM(encoding: KeyEncoding): string {
    return formatPEM(privateKeyLabel(this.spec, encoding), this.toDER(encoding));
  }

  /** Whether `spki` is this key's public half. */
  matches(spki: Uint8Array): boolean {
    return Buffer.compare(this.spki, spki) === 0;
  }

  toString(): string {
    return `[private key ${formatKeySpec(this.spec)}]`;
  }

  toJSON(): string {
    return this.toString();
  }

  [inspect.custom](): string {
    return this.toString();
  }
}

/** Wraps a handle of node:crypto. Fails with key-unsupported for kinds of keys this house does not use. */
export function privateKeyFromKeyObject(keyObject: KeyObject): PrivateKey {
  const spki = createPublicKey(keyObject).export({ format: 'der', type: 'spki' });
  return new PrivateKey(publicKeySpec(spki), spki, new KeyObjectSource(keyObject));
}

/** A key whose bytes node:crypto holds. */
export class KeyObjectSource implements KeySource {
  readonly #keyObject: KeyObject;

  constructor(keyObject: KeyObject) {
    this.#keyObject = keyObject;
  }

  encode(encoding: KeyEncoding): Uint8Array {
    const isEC = this.#keyObject.asymmetricKeyType === 'ec';
    const type = encoding === 'PKCS8' ? 'pkcs8' : isEC ? 'sec1' : 'pkcs1';
    return this.#keyObject.export({ format: 'der', type });
  }

  toKeyObject(): KeyObject {
    return this.#keyObject;
  }
}

/** The handle of DER bytes. Fails with key-malformed; the cause is left out because it may quote the key. */
export function importPrivateKey(der: Uint8Array, type: 'pkcs1' | 'pkcs8' | 'sec1'): KeyObject {
  try {
    return createPrivateKey({ key: Buffer.from(der), format: 'der', type });
  } catch {
    throw new CodedError('key-malformed', 'the private key cannot be used', {
      hint: 'Give an RSA, ECDSA (P-256, P-384, P-521) or Ed25519 key in PKCS#1, SEC1 or PKCS#8.',
    });
  }
}

function privateKeyLabel(spec: KeySpec, encoding: KeyEncoding): string {
  if (encoding === 'PKCS8' || spec.algorithm === 'Ed25519') return 'PRIVATE KEY';
  return spec.algorithm === 'RSA' ? 'RSA PRIVATE KEY' : 'EC PRIVATE KEY';
}
