import { hash } from 'node:crypto';
import { CodedError } from '#errors';
import { parseCertificatesPEM, parsePrivateKeyPEM, sameBytes } from '#pki/x509';
import type { CertificateSigningRequest, KeyEncoding, KeySpec, PrivateKey, Certificate as X509 } from '#pki/x509';
import { BoundedMemo, readSigningRequest } from '#model/resources';

/** What was read, or in words why it could not be. */
export type Reading<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: string };

/** What is no secret of a private key. */
interface PublicHalf {
  readonly spec: KeySpec;
  readonly spki: Uint8Array;
}

/** What decisions need of a private key. */
export interface KeyFacts extends PublicHalf {
  toPEM(encoding: KeyEncoding): string;
}

const keys = new BoundedMemo<Reading<KeyFacts>>(256);
/** By digest; a few hundred bytes each. To import a key costs more than all other decisions about a certificate. */
const publicHalves = new BoundedMemo<Reading<PublicHalf>>(40_000);
const chains = new BoundedMemo<Reading<readonly X509[]>>(512);

/** The private key of a Secret's value. */
export function readKey(base64: string | undefined): Reading<KeyFacts> {
  if (base64 === undefined || base64 === '') return { ok: false, problem: 'there is no private key' };
  return keys.get(base64, () => {
    const half = publicHalves.get(digestOf(base64), () => read(() => publicHalf(parseKey(base64))));
    if (!half.ok) return half;
    return { ok: true, value: { ...half.value, toPEM: (encoding) => parseKey(base64).toPEM(encoding) } };
  });
}

const parseKey = (base64: string): PrivateKey => parsePrivateKeyPEM(decodeBytes(base64));
const publicHalf = ({ spec, spki }: PublicHalf): PublicHalf => ({ spec, spki });
const digestOf = (base64: string): string => hash('sha256', base64, 'base64');

/** Saves reading a key whose parts are at hand because it was made just now. */
export function rememberKey(spec: KeySpec, spkiBase64: string, pems: Readonly<Record<KeyEncoding, string>>): void {
  const spki = Buffer.from(spkiBase64, 'base64');
  const value: KeyFacts = { spec, spki, toPEM: (encoding) => pems[encoding] };
  const half: Reading<PublicHalf> = { ok: true, value: publicHalf(value) };
  for (const base64 of new Set(Object.values(pems).map(encodeText))) {
    keys.set(base64, { ok: true, value });
    publicHalves.set(digestOf(base64), half);
  }
}

/** The certificates of a Secret's value, at least one, the leaf first. */
export function readChain(base64: string | undefined): Reading<readonly X509[]> {
  if (base64 === undefined || base64 === '') return { ok: false, problem: 'there is no certificate' };
  return chains.get(base64, () => read(() => parseCertificatesPEM(decodeBytes(base64))));
}

/** The first certificate of a Secret's value, when it can be read. */
export function leafOf(base64: string | undefined): X509 | undefined {
  const chain = readChain(base64);
  return chain.ok ? chain.value[0] : undefined;
}

/** The PKCS#10 request of a CertificateRequest. */
export function readRequest(base64: string): Reading<CertificateSigningRequest> {
  return read(() => readSigningRequest(base64));
}

/** Whether the key is the private half of that public key. */
export function isPair(key: KeyFacts, spki: Uint8Array): boolean {
  return sameBytes(key.spki, spki);
}

export function encodeText(text: string): string {
  return Buffer.from(text, 'latin1').toString('base64');
}

export function decodeText(base64: string): string {
  return Buffer.from(base64, 'base64').toString('utf8');
}

function decodeBytes(base64: string): Uint8Array {
  return Buffer.from(base64, 'base64');
}

function read<T>(parse: () => T): Reading<T> {
  try {
    return { ok: true, value: parse() };
  } catch (error) {
    if (!(error instanceof CodedError)) throw error;
    return { ok: false, problem: error.message };
  }
}
