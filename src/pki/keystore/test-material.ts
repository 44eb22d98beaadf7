import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { CertificateMaterial, Keystore, RandomBytes } from './index.ts';

/** Certificates of one small PKI, made once with openssl and valid for a hundred years, and keystores made of them. */

export const keyKinds = ['rsa', 'ec', 'ed25519'] as const;
export type KeyKind = (typeof keyKinds)[number];

export function fixture(name: string): string {
  return readFileSync(new URL(`./fixtures/${name}`, import.meta.url), 'utf8');
}

function derBlocks(name: string): Uint8Array[] {
  const bodies = fixture(name).matchAll(/-----BEGIN [A-Z ]+-----([^-]+)-----END/g);
  return [...bodies].map(([, body]) => Uint8Array.from(Buffer.from(body!, 'base64')));
}

export const root = derBlocks('root.pem')[0]!;
/** A CA with the name of `root` and another key, as after a rotation. */
export const formerRoot = derBlocks('former-root.pem')[0]!;

export function material(kind: KeyKind): CertificateMaterial {
  return { key: derBlocks(`${kind}.key.pem`)[0]!, chain: derBlocks(`${kind}.chain.pem`), ca: [root] };
}

/** One entry of every kind: three keys that share an intermediate, and two anchors with one name. */
export const everything: Keystore = {
  entries: [
    ...keyKinds.map((kind) => {
      const { key, chain } = material(kind);
      return { type: 'key', alias: kind, key, chain: [...chain, root] } as const;
    }),
    { type: 'trusted', alias: 'ca', certificate: root },
    { type: 'trusted', alias: 'ca-1', certificate: formerRoot },
  ],
};

/** A source that gives the same bytes in every run. */
export function predictable(seed = 'seed'): RandomBytes {
  let calls = 0;
  return (size) => Uint8Array.from({ length: size }, (_, i) => hash('sha256', `${seed} ${calls++} ${i}`, 'buffer')[0]!);
}

/** `keystore` as plain values that compare, without what a format may add. */
export function comparable(keystore: Keystore): unknown[] {
  return keystore.entries.map((entry) =>
    entry.type === 'key'
      ? { type: entry.type, alias: entry.alias, key: digest(entry.key), chain: entry.chain.map(digest) }
      : { type: entry.type, alias: entry.alias, certificate: digest(entry.certificate) },
  );
}

/** Short enough to read in a failed comparison. */
function digest(bytes: Uint8Array): string {
  return hash('sha256', bytes).slice(0, 16);
}
