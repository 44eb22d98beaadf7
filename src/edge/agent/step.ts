/** What became of one step of a change: an expected failure is a value, for people too. */
export type Step = { readonly ok: true } | Failure;

export interface Failure {
  readonly ok: false;
  readonly code: FailureCode;
  /** Names paths and programs, never what is in the files. */
  readonly message: string;
}

/** Stable; they stand in `status.materials[].code` of WorkloadInstances. */
export type FailureCode =
  | 'not-resolved'
  | 'no-file'
  | 'not-written'
  | 'refused-by-engine'
  | 'reload-failed'
  | 'reload-timeout'
  | 'no-process'
  | 'not-restarted'
  | 'no-handshake'
  | 'other-certificate'
  | 'stranger-accepted'
  | 'client-refused'
  | 'anchor-missing'
  | 'anchor-lingers'
  | 'not-visible'
  | 'older-process'
  | 'session-resumed';

export const done: Step = { ok: true };

export const failed = (code: FailureCode, message: string): Failure => ({ ok: false, code, message });
