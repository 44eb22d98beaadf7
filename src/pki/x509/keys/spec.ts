import { CodedError } from '#errors';

export type KeyAlgorithm = 'RSA' | 'ECDSA' | 'Ed25519';

/** What kind of key: for RSA the modulus bits, for ECDSA the curve's (256, 384, 521), for Ed25519 always 256. */
export interface KeySpec {
  readonly algorithm: KeyAlgorithm;
  readonly size: number;
}

export const p256: KeySpec = { algorithm: 'ECDSA', size: 256 };
export const rsa2048: KeySpec = { algorithm: 'RSA', size: 2048 };
export const ed25519: KeySpec = { algorithm: 'Ed25519', size: 256 };

/** The spec with cert-manager's defaults: RSA 2048, ECDSA 256; a size beside Ed25519 is ignored. */
export function keySpec(algorithm: KeyAlgorithm = 'RSA', size?: number): KeySpec {
  if (algorithm === 'Ed25519') return ed25519;
  return { algorithm, size: size === undefined || size === 0 ? (algorithm === 'RSA' ? 2048 : 256) : size };
}

/** Whether a key of this kind can be generated: RSA 2048..8192, P-256, P-384, P-521, Ed25519. */
export function isSupportedKeySpec({ algorithm, size }: KeySpec): boolean {
  if (algorithm === 'RSA') return Number.isInteger(size) && size >= 2048 && size <= 8192;
  return algorithm === 'Ed25519' || [256, 384, 521].includes(size);
}

/** Fails with key-unsupported. */
export function requireKeySpec(spec: KeySpec): void {
  if (isSupportedKeySpec(spec)) return;
  throw new CodedError('key-unsupported', `${formatKeySpec(spec)} keys are not supported`, {
    hint: 'Use RSA with 2048 to 8192 bits, ECDSA with 256, 384 or 521, or Ed25519.',
  });
}

/** Names of the properties that differ, as cert-manager lists them. Empty: the key is of the wanted kind. */
export function keySpecMismatches(actual: KeySpec, wanted: KeySpec): string[] {
  if (actual.algorithm !== wanted.algorithm) return ['spec.privateKey.algorithm'];
  return actual.algorithm !== 'Ed25519' && actual.size !== wanted.size ? ['spec.privateKey.size'] : [];
}

/** `RSA 2048`, `ECDSA P-256`, `Ed25519`. */
export function formatKeySpec({ algorithm, size }: KeySpec): string {
  if (algorithm === 'Ed25519') return algorithm;
  return algorithm === 'RSA' ? `RSA ${size}` : `ECDSA P-${size}`;
}
