import type { CertificateSpec } from '#model/resources';
import type { CryptoTask, PlannedSigning, TaskResults } from '#model/certificates';
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

/** Any task of the pool. */
export type PoolTask = CryptoTask | IssueTask | DescribeKeystoreTask | DescribeTruststoreTask;

export interface PoolResults extends TaskResults {
  readonly issue: IssueResult;
  readonly 'describe-keystore': Outcome<KeystoreFacts>;
  readonly 'describe-truststore': Outcome<TruststoreFacts>;
}

/** Where keys are made and signatures too. What cannot succeed is a value of the result; the rest is thrown. */
export interface CryptoPool {
  run<K extends keyof PoolResults>(task: Extract<PoolTask, { task: K }>): Promise<PoolResults[K]>;
  close(): Promise<void>;
}
