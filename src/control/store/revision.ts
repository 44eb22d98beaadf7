import { CodedError } from '#errors';

/** The number behind a resourceVersion; `''` and `'0'` are 0 and mean "any". Fails with bad-request. */
export function parseRevision(text: string | undefined, field = 'resourceVersion'): number {
  if (text === undefined || text === '') return 0;
  if (!/^\d{1,15}$/u.test(text)) {
    throw new CodedError('bad-request', `Invalid value: ${JSON.stringify(text)}: not a resource version`, { field });
  }
  return Number(text);
}
