/** How one full handshake with a request ended. */
export interface Outcome {
  readonly isGood: boolean;
  /** `accepted`, or why not, in few words. */
  readonly end: string;
}

export const accepted: Outcome = { isGood: true, end: 'accepted' };

const classes: readonly (readonly [pattern: RegExp, end: string])[] = [
  [/unknown.?ca|unable to get (local )?issuer|self.?signed|unable to find valid certification path/i, 'unknown CA'],
  [/unable to verify/i, 'unknown CA'],
  [/decrypt.?error|bad.?signature|signature failure|invalid signature/i, 'bad signature'],
  [/expired/i, 'expired'],
  [/No required SSL|400|49[56]|certificate.?(required|unknown)|bad.?certificate/i, 'client certificate refused'],
  [/handshake.?failure|alert/i, 'handshake refused'],
  [/connection refused|ECONNREFUSED/i, 'nobody listens'],
  [/reset|EPIPE|closed|disconnected|broken pipe|hang up/i, 'connection lost'],
  [/timeout|timed out/i, 'timeout'],
];

/** The outcome that the words of a TLS library stand for. */
export function refusedFor(words: string): Outcome {
  const end = classes.find(([pattern]) => pattern.test(words))?.[1];
  return { isGood: false, end: end ?? (words.trim().replaceAll(/\s+/g, ' ').slice(0, 120) || 'no answer') };
}
