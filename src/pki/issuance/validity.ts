/** How long before now a certificate starts, for clients whose clock is late. */
export const backdateSeconds = 10;

export interface Validity {
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** `notAfter` was moved back to the issuer's. */
  readonly clamped: boolean;
}

/** The wanted end, or the issuer's when that comes first. */
export function clampNotAfter(wanted: Date, issuerNotAfter: Date): { notAfter: Date; clamped: boolean } {
  const clamped = wanted > issuerNotAfter;
  return { notAfter: clamped ? issuerNotAfter : wanted, clamped };
}

/**
 * Validity of a certificate issued at `now` for `durationSeconds`: from 10 seconds before now until the duration after
 * now, never past `issuerNotAfter` when that is given. Whole seconds, as certificates have them.
 */
export function planValidity(now: Date, durationSeconds: number, issuerNotAfter?: Date): Validity {
  const second = Math.floor(now.getTime() / 1000);
  const notBefore = new Date((second - backdateSeconds) * 1000);
  const wanted = new Date((second + durationSeconds) * 1000);
  if (issuerNotAfter === undefined) return { notBefore, notAfter: wanted, clamped: false };
  return { notBefore, ...clampNotAfter(wanted, issuerNotAfter) };
}
