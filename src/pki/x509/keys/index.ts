export { generateKey, generateKeyAsync, generateBareKey } from './generate.ts';
export { PrivateKey, privateKeyFromKeyObject } from './private-key.ts';
export type { KeyEncoding } from './private-key.ts';
export { parsePrivateKeyDER, parsePrivateKeyPEM } from './parse.ts';
export { publicKeyBits, publicKeyObject, publicKeySpec, readPublicKeySpec } from './public-key.ts';
export { ed25519, formatKeySpec, isSupportedKeySpec, keySpec, keySpecMismatches, p256, rsa2048 } from './spec.ts';
export type { KeyAlgorithm, KeySpec } from './spec.ts';
