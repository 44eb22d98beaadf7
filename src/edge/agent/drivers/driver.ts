import type { Workload } from '#model/resources';
import type { FileContent } from '../files/file-content.ts';
import type { ProcessRun } from '../reloading/process-facts.ts';
import type { Step } from '../step.ts';

/** What a reload is about. */
export interface Delivered {
  /** The files that are different now; they lie on the disk already. */
  readonly files: readonly FileContent[];
  readonly workload: Workload;
}

/** How strongly a reload that succeeded says that the server uses its files. */
export type Evidence =
  /** New processes read them: they started after the files were written. */
  | 'new-processes'
  /** The server, or who reloads it, says so. */
  | 'word'
  /** Nobody says anything. */
  | 'none';

export interface Reloaded {
  readonly step: Step;
  readonly evidence: Evidence;
}

/** One kind of server: how it is asked to use what lies in its files. Writes no file of a Workload. */
export interface Driver {
  readonly name: string;
  /** What lies there the server may have read already: a reload tells it nothing. */
  readonly readsByItself?: boolean;
  /** Whether the server would start with what lies there now. */
  check(): Promise<Step>;
  /** Makes the server use what lies there; ends when it says that it does, or at the latest after the time allowed. */
  reload(delivered: Delivered): Promise<Reloaded>;
  /** Starts the server anew; only for servers that load in no other way, each when it is its turn. */
  readonly restart?: (() => Promise<Reloaded>) | undefined;
  /** As reload, in a surer and slower way; undefined when there is none. */
  readonly reloadWhole?: (() => Promise<Reloaded>) | undefined;
  /** Whether nothing that read older files runs any more; undefined when that cannot be seen. */
  isAlone(): Promise<boolean | undefined>;
  /** The server as it runs now; undefined when it does not, or that cannot be seen. */
  run(): Promise<ProcessRun | undefined>;
}

export type ReloadSpec = NonNullable<Workload['spec']['reload']>;

export const usualTimeoutSeconds = 30;

/** How long a reload may take. */
export function timeoutOf(reload: ReloadSpec | undefined): number {
  return (reload?.timeoutSeconds ?? usualTimeoutSeconds) * 1000;
}
