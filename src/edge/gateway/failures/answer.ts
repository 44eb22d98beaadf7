import type { CallerFailureCode } from './codes.ts';
import { callerFailures } from './codes.ts';

/** The whole answer to a caller whose request failed: the stable code in the header and in the body. */
export interface FailureAnswer {
  readonly status: number;
  /** Name, value, name, value. */
  readonly headers: readonly string[];
  readonly body: string;
}

/** `message` replaces the general one where more can be told to a caller without telling of the inside. */
export function failureAnswer(code: CallerFailureCode, message?: string): FailureAnswer {
  const known = callerFailures[code];
  const body = JSON.stringify({ code, message: message ?? known.message });
  const headers = [
    'content-type',
    'application/json',
    'content-length',
    String(Buffer.byteLength(body)),
    'chancery-error',
    code,
  ];
  if (code === 'gateway-overloaded') headers.push('retry-after', '1');
  return { status: known.status, headers, body };
}
