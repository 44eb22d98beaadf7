import type { CallerFailureCode } from './failures/codes.ts';

/** Counters of one gateway; plain fields, because they are on the path of every request. */
export class Counters {
  handshakes = 0;
  handshakesResumed = 0;
  handshakesFailed = 0;
  requests = 0;
  requestsInFlight = 0;
  readonly failures: Partial<Record<CallerFailureCode, number>> = {};

  failed(code: CallerFailureCode): void {
    this.failures[code] = (this.failures[code] ?? 0) + 1;
  }
}
