/** The fields of a Keystore's `spec` of which exactly one is set. */
export const keystoreOrigins = ['secretRef', 'certificateRef', 'keystoreRef'] as const;

/** The fields of a Truststore's source of which exactly one is set. */
export const truststoreOrigins = [
  'certificates',
  'secretRef',
  'certificateRef',
  'truststoreRef',
  'keystoreRef',
] as const;
