import type { ErrorCode } from './codes.ts';

/** One broken rule among several, in the shape of `details.causes[]` of a Kubernetes Status. */
export interface ErrorCause {
  /** `FieldValueRequired`, `FieldManagerConflict`, … */
  readonly reason: string;
  readonly message: string;
  readonly field: string;
}

export interface ErrorDetails {
  /** Path of the offending field or place, in the user's own words: `spec.dnsNames[2]`, `entry 3`, `byte 118`. */
  readonly field?: string;
  /** What the user can do about it, as one imperative sentence. */
  readonly hint?: string;
  /** Every broken rule, when there may be several: field errors of an invalid object, conflicts of an apply. */
  readonly causes?: readonly ErrorCause[];
  readonly cause?: unknown;
}

/**
 * The one failure type that crosses a door. `code` is stable and documented in the error reference; `message` says what
 * is wrong in words; key material and passwords never appear in any of its fields.
 */
export class CodedError extends Error {
  readonly code: ErrorCode;
  readonly field: string | undefined;
  readonly hint: string | undefined;
  readonly causes: readonly ErrorCause[];

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'CodedError';
    this.code = code;
    this.field = details.field;
    this.hint = details.hint;
    this.causes = details.causes ?? [];
  }
}

/** Whether `error` is a CodedError, and one of `codes` when any are given. */
export function isCoded(error: unknown, ...codes: readonly ErrorCode[]): error is CodedError {
  return error instanceof CodedError && (codes.length === 0 || codes.includes(error.code));
}
