/** Why material cannot be had, for programs. Stable: they are reasons of conditions. */
export type ProblemReason =
  | 'KeystoreNotFound'
  | 'TruststoreNotFound'
  | 'TrustBundleNotFound'
  | 'TrustBundleNotReady'
  | 'ProfileNotFound'
  | 'CertificateNotFound'
  | 'CertificateNotIssued'
  | 'SecretNotFound'
  | 'SecretKeyNotFound'
  | 'PasswordNotFound'
  | 'SourceNotClear'
  | 'ForeignNamespace'
  | 'ReferenceCycle'
  | 'ReferencesTooDeep'
  | 'MaterialUnreadable'
  | 'PasswordWrong'
  | 'EntryNotClear'
  | 'NoCertificate'
  | 'TooManyCertificates'
  | 'TargetTaken'
  | 'ChainInvalid'
  | 'Expired'
  | 'NotYetValid'
  | 'SettingsUnfit'
  | 'EndpointMissing'
  | 'BasePathTaken';

/** What stands in the way, for people. Holds no byte of a key and no password. */
export interface Problem {
  readonly reason: ProblemReason;
  readonly message: string;
  /** What can be done about it, as one imperative sentence. */
  readonly hint?: string;
  /** What is missing is on its way or may appear: nothing is wrong yet. */
  readonly isWaiting?: true;
}

export type Outcome<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: Problem };

export const found = <T>(value: T): Outcome<T> => ({ ok: true, value });

export const failed = (problem: Problem): { readonly ok: false; readonly problem: Problem } => ({ ok: false, problem });
