import { CodedError } from '#errors';
import type { KubeObject } from '#model/objects';
import type { Kind } from '#model/resources';
import { freezeDeep } from './frozen.ts';
import { rememberText } from './object-text.ts';

/** Turns the value of one key into what may lie on disk, and back. Implemented by the encryption at rest. */
export interface ValueCipher {
  seal(key: string, plain: Uint8Array): Uint8Array;
  /** Fails with key-file-missing or key-file-wrong. */
  open(key: string, sealed: Uint8Array): Uint8Array;
}

/** Objects as bytes: JSON without resourceVersion, which is the revision of the entry itself; sealed when confidential. */
export class ObjectCodec {
  readonly #cipher: ValueCipher | undefined;

  constructor(cipher: ValueCipher | undefined) {
    this.#cipher = cipher;
  }

  encode(kind: Kind, key: string, object: KubeObject): { value: Uint8Array; size: number } {
    const plain = Buffer.from(JSON.stringify(object));
    const value = kind.confidential && this.#cipher !== undefined ? this.#cipher.seal(key, plain) : plain;
    return { value, size: plain.length };
  }

  /** A deeply frozen object that carries `rev` as its resourceVersion. */
  decode(kind: Kind, key: string, rev: number, value: Uint8Array): KubeObject {
    return decodeText(key, rev, this.#plainText(kind, key, value));
  }

  /** The same, for an object that will be sent as JSON: remembers its text. */
  decodeListed(kind: Kind, key: string, rev: number, value: Uint8Array): KubeObject {
    const text = this.#plainText(kind, key, value);
    const object = decodeText(key, rev, text);
    rememberText(object, text);
    return object;
  }

  #plainText(kind: Kind, key: string, value: Uint8Array): string {
    const plain = kind.confidential && this.#cipher !== undefined ? this.#cipher.open(key, value) : value;
    return Buffer.from(plain.buffer, plain.byteOffset, plain.byteLength).toString('utf8');
  }
}

function decodeText(key: string, rev: number, text: string): KubeObject {
  const object = parse(key, text);
  object.metadata.resourceVersion = String(rev);
  return freezeDeep(object);
}

function parse(key: string, text: string): KubeObject {
  try {
    return JSON.parse(text) as KubeObject;
  } catch {
    throw new CodedError('store-damaged', `the value of ${key} is not an object`, { field: key });
  }
}
