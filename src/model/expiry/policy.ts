/** A certificate is in a state when both hold: less than this fraction of its life is left, and at most so many days. */
export interface Threshold {
  readonly fraction: number;
  readonly days: number;
}

/** When the end of a certificate deserves attention. */
export interface ExpiryPolicy {
  readonly warning: Threshold;
  readonly critical: Threshold;
}

/**
 * Servers and clients. The days are those of x509-certificate-exporter's alerts; the fractions keep a certificate that
 * lives a day from being alarming all its life, and lie below the third at which renewals usually begin.
 */
export const leafPolicy: ExpiryPolicy = {
  warning: { fraction: 1 / 4, days: 28 },
  critical: { fraction: 1 / 10, days: 14 },
};

/** Authorities: replacing one means to reach everybody who trusts it, which takes months. */
export const authorityPolicy: ExpiryPolicy = {
  warning: { fraction: 1 / 4, days: 180 },
  critical: { fraction: 1 / 10, days: 60 },
};

/** No certificate is in a state of alarm longer than this before its end: who looks further ahead looks in vain. */
export const longestAlarmDays = Math.max(
  ...[leafPolicy, authorityPolicy].flatMap(({ warning, critical }) => [warning.days, critical.days]),
);
