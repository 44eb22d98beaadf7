import { CodedError } from '#errors';
import { failed, found } from './problem.ts';
import type { Outcome, ProblemReason } from './problem.ts';

/** What `read` returns, or its coded failure as a problem that begins with `place`, which may be empty. */
export function attempt<T>(place: string, read: () => T): Outcome<T> {
  try {
    return found(read());
  } catch (error) {
    if (!(error instanceof CodedError)) throw error;
    const message = [place, error.field ?? '', error.message].filter((part) => part !== '').join(': ');
    const hint = error.hint === undefined ? {} : { hint: error.hint };
    return failed({ reason: reasonOf(error), message, ...hint });
  }
}

function reasonOf({ code, field }: CodedError): ProblemReason {
  if (code === 'keystore-password-wrong') return 'PasswordWrong';
  if (code === 'keystore-password-missing') return 'PasswordNotFound';
  return code === 'material-unfit' && field === 'alias' ? 'EntryNotClear' : 'MaterialUnreadable';
}
