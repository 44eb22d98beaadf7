import type { CertificateSettings } from './settings.ts';

/**
 * How long to wait after a failed issuance, in seconds: the first waiting time, doubled with every further failure, up
 * to the longest. Attempts that are missing or not positive count as one.
 */
export function backOffSeconds(attempts: number | undefined, settings: CertificateSettings): number {
  const { firstBackOffSeconds, longestBackOffSeconds } = settings;
  if (attempts === undefined || attempts <= 0) return Math.min(firstBackOffSeconds, longestBackOffSeconds);
  return Math.min(longestBackOffSeconds, firstBackOffSeconds * 2 ** (attempts - 1));
}

/** When a failed issuance may be tried again; undefined when none has failed. Only a success starts the count over. */
export function backOffEnd(
  status: { readonly lastFailureTime?: string | undefined; readonly failedIssuanceAttempts?: number | undefined },
  settings: CertificateSettings,
): Date | undefined {
  if (status.lastFailureTime === undefined) return undefined;
  const failed = Date.parse(status.lastFailureTime);
  return new Date(failed + backOffSeconds(status.failedIssuanceAttempts, settings) * 1000);
}
