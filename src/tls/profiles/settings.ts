/** Which end of a connection a profile configures. */
export type Side = 'client' | 'server';

/** What both kinds of TLS profile say about a connection. What is left out takes the value of `defaultsFor`. */
export interface ProfileSettings {
  readonly protocols?: readonly string[];
  /** IBM's names (`ECDHE_RSA_WITH_AES_256_GCM_SHA384`) or IANA's (`TLS_ECDHE_RSA_...`), preferred first. */
  readonly ciphers?: readonly string[];
  /** IANA names of key exchange groups, preferred first: `x25519`, `secp256r1`, `X25519MLKEM768`. */
  readonly groups?: readonly string[];
  /** IANA names of signature schemes: `ecdsa_secp256r1_sha256`. */
  readonly signatureAlgorithms?: readonly string[];
  readonly alpnProtocols?: readonly string[];
  readonly minimumKeyStrength?: KeyStrength;
}

/** Smallest keys that a peer's certificates may have, in bits. */
export interface KeyStrength {
  readonly rsaBits?: number;
  readonly ecBits?: number;
}

export type MutualAuthentication = 'none' | 'request' | 'require';

export interface ServerSettings extends ProfileSettings {
  readonly mutualAuthentication?: MutualAuthentication;
  /** true (the default): clients cannot renegotiate. false: Node's own limit of 3 in 10 minutes is all there is. */
  readonly limitRenegotiation?: boolean;
}

export interface ClientSettings extends ProfileSettings {
  readonly insecureServerConnections?: boolean;
  readonly serverNameIndication?: boolean;
}

/** One thing that is wrong, or weak, in a profile's settings; `field` counts from `spec`: `ciphers[3]`. */
export interface SettingProblem {
  readonly field: string;
  readonly value?: string | number;
  readonly message: string;
  readonly hint: string;
}

export interface SettingsReport {
  /** The profile cannot do what it says: refuse it. */
  readonly errors: readonly SettingProblem[];
  /** It can, and somebody should know. */
  readonly warnings: readonly SettingProblem[];
}
