/** The fields of a Keystore's `spec` of which exactly one is set. */
export const keystoreOrigins = ['secretRef', 'certificateRef', 'keystoreRef'] as const;

/** The fields of a Truststore's source of which exactly one is set. */
export const truststoreOrigins = [
  'certificates',
  'secretRef',
  'certificateRef',
  'trustBundleRef',
  'truststoreRef',
  'keystoreRef',
] as const;

/** The fields of a TrustBundle's source of which exactly one is set. */
export const trustBundleOrigins = [
  'certificates',
  'secretRef',
  'certificateRef',
  'truststoreRef',
  'trustBundleRef',
] as const;

/** The fields of which exactly one is set in what a Workload presents, and in what it trusts. */
export const identityOrigins = ['certificateRef', 'secretRef', 'keystoreRef'] as const;
export const trustOrigins = ['trustBundleRef', 'truststoreRef', 'certificateRef', 'secretRef'] as const;
