import type { CertificateSnapshot } from './snapshot.ts';
import type { CryptoTask, TaskName, TaskResults } from './tasks.ts';

/** Something to tell about the object that is decided on: an Event. */
export interface Remark {
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
}

/** The parts of a Certificate's snapshot that a decision may replace. */
export type SnapshotChange = Partial<
  Pick<CertificateSnapshot, 'certificate' | 'secret' | 'secretConfig' | 'requests' | 'nextKeySecrets'>
>;

/** The snapshot becomes another: `change` replaces parts of it, in the store too. */
export interface WriteStep<C = SnapshotChange> {
  readonly do: 'write';
  readonly change: C;
  readonly remarks: readonly Remark[];
}

/** Work for the crypto pool; its result makes the next write. */
export interface AskStep<K extends TaskName, C = SnapshotChange> {
  readonly do: 'ask';
  readonly task: Extract<CryptoTask, { task: K }>;
  readonly answer: (result: TaskResults[K]) => WriteStep<C>;
}

/** Nothing to do until something changes, or until an instant. */
export interface WaitStep {
  readonly do: 'wait';
  readonly until?: Date | undefined;
  readonly remarks: readonly Remark[];
  /** Set when what is in the way shows no event when it goes away: look again, later and later. */
  readonly retry?: string | undefined;
}

export type AnyAskStep<C> = { [K in TaskName]: AskStep<K, C> }[TaskName];

/** The next thing to do: exactly one. */
export type Step<C = SnapshotChange> = WriteStep<C> | AnyAskStep<C> | WaitStep;

/** One concern of the machine; undefined when it has nothing to do. */
export type Concern = (snapshot: CertificateSnapshot) => WriteStep | AnyAskStep<SnapshotChange> | undefined;

export function write<C>(change: C, ...remarks: readonly Remark[]): WriteStep<C> {
  return { do: 'write', change, remarks };
}

export const normal = (reason: string, message: string): Remark => ({ type: 'Normal', reason, message });
export const warning = (reason: string, message: string): Remark => ({ type: 'Warning', reason, message });
