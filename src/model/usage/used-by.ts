/** Kinds that can use a certificate, directly or through others, in the order in which users are listed. */
export const userKinds = [
  'Keystore',
  'Truststore',
  'TrustBundle',
  'TLSClientProfile',
  'TLSServerProfile',
  'EndpointCertificate',
  'API',
  'Gateway',
  'GatewayNode',
  'Workload',
] as const;

export type UserKind = (typeof userKinds)[number];

/** One user of a subject. */
export interface UsedBy {
  readonly kind: UserKind;
  readonly namespace: string;
  readonly name: string;
  /** Through what, from the user down to the subject, both left out: `['TLSClientProfile default/petstore']`. */
  readonly via: readonly string[];
  /** `API default/petstore via TLSClientProfile default/petstore-client`. */
  readonly text: string;
}

/** What may be asked about: an object, or a certificate by SHA-256 fingerprint in hexadecimal, wherever it is. */
export type UsageSubject =
  { readonly kind: string; readonly namespace: string; readonly name: string } | { readonly fingerprint: string };
