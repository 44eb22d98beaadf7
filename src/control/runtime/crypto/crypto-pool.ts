import type { CertificateSpec } from '#model/resources';
import type { CryptoTask, PlannedSigning, TaskName, TaskResults } from '#model/certificates';

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

/** Any task of the pool. */
export type PoolTask = CryptoTask | IssueTask;
export type PoolResults = TaskResults & { readonly issue: IssueResult };

/** Where keys are made and signatures too. What cannot succeed is a value of the result; the rest is thrown. */
export interface CryptoPool {
  run<K extends TaskName | 'issue'>(task: Extract<PoolTask, { task: K }>): Promise<PoolResults[K]>;
  close(): Promise<void>;
}
