import type { CertificateSpec } from '#model/resources';
import type { CryptoTask, PlannedSigning, TaskFailure, TaskResults } from '#model/certificates';
import type { KeystoreFacts, KeystoreSource, Outcome, TruststoreFacts, TruststoreSource } from '#model/stores';

/** Key, request and certificate in one go: what three tasks would give one after the other. */
export interface IssueTask {
  readonly task: 'issue';
  readonly spec: CertificateSpec;
  /** What the issuer is told; the request and the key come from the step before. */
  readonly signing: PlannedSigning;
}

export interface IssueResult {
  readonly key: TaskResults['make-key'];
  readonly request: TaskResults['make-request'];
  readonly signed: TaskResults['sign'];
}

/** Reads the files of a keystore: deriving keys from a password may take tenths of a second. */
export interface DescribeKeystoreTask {
  readonly task: 'describe-keystore';
  readonly source: KeystoreSource;
  readonly now: Date;
}

export interface DescribeTruststoreTask {
  readonly task: 'describe-truststore';
  readonly source: TruststoreSource;
  readonly now: Date;
}

/** A self-signed CA like another one: its names, rights and length of life, from now on. */
export interface SucceedAuthorityTask {
  readonly task: 'succeed-authority';
  readonly certificatePEM: string;
  /** Left out: the next one gets a new key of the same kind. */
  readonly privateKeyPEM?: string;
  /** Takes the place of its common name. */
  readonly commonName?: string;
  readonly now: Date;
}

export interface MadeAuthority {
  readonly certificatePEM: string;
  readonly privateKeyPEM: string;
}

/** A certificate for name and key of one CA, signed by another: who trusts that one accepts what the first has signed. */
export interface CrossSignTask {
  readonly task: 'cross-sign';
  readonly certificatePEM: string;
  readonly by: MadeAuthority;
  readonly now: Date;
}

/** Any task of the pool. */
export type PoolTask =
  CryptoTask | IssueTask | DescribeKeystoreTask | DescribeTruststoreTask | SucceedAuthorityTask | CrossSignTask;

export interface PoolResults extends TaskResults {
  readonly issue: IssueResult;
  readonly 'describe-keystore': Outcome<KeystoreFacts>;
  readonly 'describe-truststore': Outcome<TruststoreFacts>;
  readonly 'succeed-authority': MadeAuthority | TaskFailure;
  readonly 'cross-sign': Pick<MadeAuthority, 'certificatePEM'> | TaskFailure;
}

/** Where keys are made and signatures too. What cannot succeed is a value of the result; the rest is thrown. */
export interface CryptoPool {
  run<K extends keyof PoolResults>(task: Extract<PoolTask, { task: K }>): Promise<PoolResults[K]>;
  close(): Promise<void>;
}
