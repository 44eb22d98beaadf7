/**
 * Coded failures: the closed set of codes that any door may fail with. The ground that every floor stands on; imports
 * nothing. Expected outcomes are values, not errors; broken assumptions are assertions.
 */
export { CodedError, isCoded } from './coded-error.ts';
export type { ErrorCause, ErrorDetails } from './coded-error.ts';
export { errorCodes } from './codes.ts';
export type { ErrorCode } from './codes.ts';
