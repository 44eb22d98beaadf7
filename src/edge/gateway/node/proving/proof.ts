import type { EndpointReport } from '#model/resources';

/** What a backend showed. */
export type Presented = NonNullable<EndpointReport['presented']>;

/**
 * What a handshake has shown. `proven`: it went as planned; `failed`: it did not; `unknown`: there was no handshake,
 * because nobody answered.
 */
export interface Proof {
  readonly verdict: 'proven' | 'failed' | 'unknown';
  /** For programs: a stable code that callers are told too, where there is one. */
  readonly code?: string;
  readonly message?: string;
  readonly presented?: Presented;
}

/** A proof with the instant at which it was made, and the last one at which it succeeded. */
export interface DatedProof extends Proof {
  readonly at: Date;
  readonly provenAt?: Date | undefined;
}
