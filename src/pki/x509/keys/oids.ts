import { rememberOIDs } from '../der/index.ts';

/** Key algorithms and curves (RFC 8017, RFC 5480, RFC 8410). */
export const rsaEncryption = '1.2.840.113549.1.1.1';
export const ecPublicKey = '1.2.840.10045.2.1';
export const ed25519OID = '1.3.101.112';

/** Sizes of the supported curves by identifier. */
export const curveSizes: ReadonlyMap<string, number> = new Map([
  ['1.2.840.10045.3.1.7', 256],
  ['1.3.132.0.34', 384],
  ['1.3.132.0.35', 521],
]);

rememberOIDs([rsaEncryption, ecPublicKey, ed25519OID, ...curveSizes.keys()]);
