/** `error`: does not work now. `warning`: will fail, or fails with some clients. `note`: unusual, worth knowing. */
export type WarningSeverity = 'error' | 'warning' | 'note';

/** Every warning, how grave it is, and what it means. */
export const warningCodes = {
  expired: ['error', 'The certificate is no longer valid.'],
  'not-yet-valid': ['error', 'The certificate is not valid yet.'],
  'key-mismatch': ['error', 'A keystore entry has a key and a certificate that do not belong together.'],
  'key-without-certificate': ['warning', 'The certificates at hand do not include one for this key.'],
  'signature-mismatch': [
    'error',
    'The issuer by name is at hand, but another key signed: another generation of the CA.',
  ],
  'path-invalid': ['error', 'A certificate in the chain breaks a rule of path validation.'],
  'request-not-signed': ['error', "The request's signature does not hold."],
  damaged: ['error', 'A part of the source cannot be read.'],
  'wrong-order': ['error', 'The chain is not in the order leaf, intermediates; TLS servers send it as it is.'],
  'missing-issuer': ['warning', 'The issuer of an end-entity certificate is not at hand.'],
  'expires-soon': ['warning', 'Less than a third of the lifetime, and less than 30 days, are left.'],
  'weak-key': ['warning', 'The key is smaller than 2048 bits (RSA).'],
  'weak-signature': ['warning', 'The signature uses MD5 or SHA-1.'],
  'no-alt-name': [
    'warning',
    'An end-entity certificate without subject alternative names is accepted by no client today.',
  ],
  'no-tls-usage': ['warning', 'The extended key usages include neither server auth nor client auth.'],
  'outlives-issuer': ['warning', 'The certificate is valid for longer than its issuer is.'],
  'key-id-mismatch': ['warning', "The authority key identifier is not the issuer's subject key identifier."],
  'not-seen-by-java': ['warning', 'A trusted PKCS#12 entry lacks the attribute without which Java ignores it.'],
  duplicate: ['warning', 'The same certificate occurs twice in one source.'],
  'weak-encryption': ['note', 'The keystore is encrypted so weakly that its password protects nothing.'],
  'no-password-check': ['note', 'The keystore has no password check, so changes to it go unnoticed.'],
  'no-extended-usage': ['note', 'There are no extended key usages; some clients ask for server auth.'],
  'no-subject-key-id': ['note', 'A CA without a subject key identifier makes chains harder to build.'],
  'no-authority-key-id': ['note', 'Without an authority key identifier the issuer is found by name only.'],
  'self-signed-leaf': ['note', 'An end-entity certificate signed by itself has to be trusted one by one.'],
  'too-many-certificates': ['note', 'There are more certificates than chains are drawn for.'],
} as const satisfies Record<string, readonly [WarningSeverity, string]>;

export type WarningCode = keyof typeof warningCodes;
