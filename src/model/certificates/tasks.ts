import type { KeyEncoding, KeySpec } from '#pki/x509';
import type { CertificateSpec } from '#model/resources';

/** A new private key. */
export interface MakeKeyTask {
  readonly task: 'make-key';
  readonly key: KeySpec;
}

/** The PKCS#10 request for what the spec asks for, signed with the key. */
export interface MakeRequestTask {
  readonly task: 'make-request';
  readonly privateKeyPEM: string;
  readonly spec: CertificateSpec;
}

/** A certificate that only keeps servers starting until the real one is there. */
export interface MakeTemporaryTask {
  readonly task: 'make-temporary';
  readonly requestPEM: string;
  readonly isCA: boolean;
  readonly usages: readonly string[];
  readonly now: Date;
}

export interface KeystoreWish {
  readonly format: 'jks' | 'pkcs12';
  readonly password: string;
  /** JKS: alias of the key. */
  readonly alias?: string;
  /** PKCS#12. */
  readonly profile?: 'LegacyRC2' | 'LegacyDES' | 'Modern2023' | 'Modern2026';
}

export interface MakeKeystoresTask {
  readonly task: 'make-keystores';
  readonly wishes: readonly KeystoreWish[];
  readonly privateKeyPEM: string;
  readonly chainPEM: string;
  readonly caPEM: string;
  readonly now: Date;
}

/** The signing side of an issuer that has a key of its own. */
export interface SigningMaterial {
  /** Changes whenever anything below changes: what was made of it may be kept under this name. */
  readonly id: string;
  /** The CA's certificate first, then those above it; PEM. */
  readonly chainPEM: string;
  readonly privateKeyPEM: string;
  /** `ca.crt` of the issuer's Secret; empty when it has none. */
  readonly caPEM: string;
  /** The CA as another one has signed it, while that one is still trusted: goes along with what it signs. */
  readonly crossPEM?: string;
  readonly crlDistributionPoints: readonly string[];
  readonly ocspServers: readonly string[];
  readonly issuingCertificateURLs: readonly string[];
}

/** What is asked of an issuer. */
export interface SigningOrder {
  readonly requestPEM: string;
  readonly durationSeconds: number;
  readonly isCA: boolean;
  readonly usages: readonly string[];
  readonly now: Date;
}

/** A certificate signed by a CA. */
export interface SignTask extends SigningOrder {
  readonly task: 'sign';
  readonly issuer: SigningMaterial;
  /** The certificate may be valid longer than the CA. */
  readonly mayOutliveCA: boolean;
}

/** A certificate signed with its own key. */
export interface SelfSignTask extends SigningOrder {
  readonly task: 'self-sign';
  readonly privateKeyPEM: string;
  readonly crlDistributionPoints: readonly string[];
}

export type CryptoTask =
  MakeKeyTask | MakeRequestTask | MakeTemporaryTask | MakeKeystoresTask | SignTask | SelfSignTask;

export type TaskName = CryptoTask['task'];

/** A failure that trying again does not mend, in words; as a value, because it decides. */
export interface TaskFailure {
  readonly failed: string;
}

/** A signed certificate with what belongs into `tls.crt` and `ca.crt`, PEM. */
export interface SignedCertificate {
  readonly chainPEM: string;
  readonly caPEM: string;
  readonly notAfter: Date;
  /** The end that was asked for, when the CA ends sooner. */
  readonly askedNotAfter?: Date;
}

export interface TaskResults {
  /** The key in both encodings, and the DER of its public half in base64. */
  'make-key': { readonly pems: Readonly<Record<KeyEncoding, string>>; readonly spki: string };
  'make-request': { readonly requestPEM: string } | TaskFailure;
  'make-temporary': { readonly chainPEM: string } | TaskFailure;
  /** Keys of the Secret, each with its bytes in base64. */
  'make-keystores': { readonly files: Readonly<Record<string, string>> } | TaskFailure;
  sign: SignedCertificate | TaskFailure;
  'self-sign': SignedCertificate | TaskFailure;
}
