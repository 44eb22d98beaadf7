import type { RotationProgress } from './snapshot.ts';

/** Why a gate is closed for one material of one instance, or for one object. */
export interface Blocking {
  readonly workload?: string;
  readonly instance?: string;
  /** Name of the material, or place of the leaf, bundle or rotation in the way. */
  readonly material: string;
  readonly wanted: string;
  readonly has: string;
  readonly message: string;
  /** What mends it. */
  readonly hint: string;
}

/** One guard of the transition that is waited for. */
export interface Gate {
  readonly name: string;
  readonly why: string;
  readonly open: boolean;
  /** What opened it, or what of it is done; at most `longestEvidence` lines. */
  readonly evidence: readonly string[];
}

/** Something to do in the world. Doing it twice is doing it once; what is left of it is seen in the next snapshot. */
export type RotationAction =
  | { readonly action: 'makeNextCA' }
  | { readonly action: 'addAnchor'; readonly bundle: string; readonly fingerprint: string }
  | { readonly action: 'withdrawAnchor'; readonly bundle: string; readonly fingerprint: string }
  | { readonly action: 'swapSigner'; readonly to: string }
  | { readonly action: 'restoreSigner'; readonly to: string }
  | { readonly action: 'reissue'; readonly leaves: readonly string[] }
  | { readonly action: 'restart'; readonly instances: readonly RestartOf[] }
  | { readonly action: 'flushSessions'; readonly instances: readonly InstanceName[] }
  | { readonly action: 'dropCross' }
  | { readonly action: 'deletePrevious' }
  | { readonly action: 'deleteNext' };

export interface InstanceName {
  readonly workload: string;
  readonly instance: string;
}

/** An instance to restart, once for each key. */
export interface RestartOf extends InstanceName {
  readonly key: string;
}

/** Change the status; nothing that rests on it may be done before it is written. */
export interface WriteStatus {
  readonly do: 'write';
  readonly change: Partial<RotationProgress>;
  /** For an Event. */
  readonly why: string;
  /** What let it pass to the next stage, for the record; none when it was not a gate. */
  readonly gates: readonly Gate[];
}

/** Do it if the status still has `generation`: see `isCurrent()`. */
export interface Act {
  readonly do: 'act';
  readonly generation: number;
  readonly act: RotationAction;
}

export interface Wait {
  readonly do: 'wait';
  /** `done`: it has ended. `paused`: by its spec. `gates`: for what is in `blocking`. */
  readonly reason: 'done' | 'paused' | 'gates';
  readonly gates: readonly Gate[];
  /** At most `longestBlocking` of `blockingTotal`. */
  readonly blocking: readonly Blocking[];
  readonly blockingTotal: number;
  /** Look again then, even if nothing changes. */
  readonly until?: Date | undefined;
}

/** The next thing to do: exactly one. */
export type RotationStep = WriteStatus | Act | Wait;
