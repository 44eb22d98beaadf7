import { done, failed, type Step } from '../step.ts';

/** POSTs to the server's own hook; every answer of 2xx means that it has loaded. */
export async function callHook(url: string, timeoutMilliseconds: number): Promise<Step> {
  const place = withoutSecrets(url);
  try {
    const answer = await fetch(url, {
      method: 'POST',
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMilliseconds),
    });
    const text = (await answer.text()).slice(0, 500).trim();
    return answer.ok ? done : failed('reload-failed', `${place} answered ${answer.status}${text && `: ${text}`}`);
  } catch (error) {
    const isLate = error instanceof Error && error.name === 'TimeoutError';
    if (isLate) return failed('reload-timeout', `${place} did not answer within ${timeoutMilliseconds / 1000} s`);
    const cause = ((error as Error).cause ?? error) as NodeJS.ErrnoException;
    const code = cause.code === 'ECONNREFUSED' ? 'no-process' : 'reload-failed';
    return failed(code, `cannot reach ${place}: ${cause.message}`);
  }
}

/** Tokens stand in queries, passwords before the host. */
function withoutSecrets(url: string): string {
  const { protocol, host, pathname } = new URL(url);
  return `${protocol}//${host}${pathname}`;
}
