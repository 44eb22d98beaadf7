interface Dated {
  readonly notBefore: string;
  readonly notAfter: string;
}

/** When the first of the certificates begins to be valid, or stops: the second after its last. */
export function nextDateChange(certificates: readonly Dated[], now: Date): Date | undefined {
  let next = Infinity;
  for (const { notBefore, notAfter } of certificates) {
    for (const instant of [Date.parse(notBefore), Date.parse(notAfter) + 1000]) {
      if (instant > now.getTime()) next = Math.min(next, instant);
    }
  }
  return next === Infinity ? undefined : new Date(next);
}
