import { CodedError } from '#errors';

/** Where a paged list goes on: strictly after key `after`, in the state of revision `at` (0: whatever is newest). */
export interface Continuation {
  readonly at: number;
  readonly after: string;
}

/** Opaque to clients. `after` is kept relative to the listed prefix, so a token cannot reach outside of it. */
export function encodeContinue({ at, after }: Continuation, prefix: string): string {
  return Buffer.from(JSON.stringify({ v: 1, at, after: after.slice(prefix.length) })).toString('base64url');
}

/** Fails with bad-request when the text is no token of ours. */
export function parseContinue(token: string, prefix: string): Continuation {
  const parts = decode(token);
  if (parts === undefined) {
    throw new CodedError('bad-request', 'continue key is not valid: not a token of this server', {
      field: 'continue',
      hint: 'Start a new list without the continue parameter.',
    });
  }
  return { at: parts.at, after: prefix + parts.after };
}

/** For a list whose revision was compacted between two pages. The cause of reason Continue holds a token that goes on anyway. */
export function continueExpired(continuation: Continuation, prefix: string): CodedError {
  return new CodedError('gone', expiredText, {
    field: 'continue',
    hint: 'Start a new list without the continue parameter.',
    causes: [
      { reason: 'Continue', field: 'metadata.continue', message: encodeContinue({ ...continuation, at: 0 }, prefix) },
    ],
  });
}

const expiredText =
  'The provided continue parameter is too old to display a consistent list result. You can start a new list without ' +
  'the continue parameter, or use the continue token in this response to retrieve the remainder of the results. ' +
  'Continuing with the provided token results in an inconsistent list - objects that were created, modified, or ' +
  'deleted between the time the first chunk was returned and now may show up in the list.';

function decode(token: string): Continuation | undefined {
  try {
    const parts = JSON.parse(Buffer.from(token, 'base64url').toString('utf8')) as Record<string, unknown>;
    const { v, at, after } = parts;
    if (v !== 1 || !Number.isSafeInteger(at) || (at as number) < 0) return undefined;
    if (typeof after !== 'string' || !/^[!-~]{1,600}$/u.test(after)) return undefined;
    return { at: at as number, after };
  } catch {
    return undefined;
  }
}
