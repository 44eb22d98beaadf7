import type { Readable, Duplex } from 'node:stream';
import type { BackendFailure } from '../failures/classify.ts';

/** A request as a backend shall get it, whatever HTTP version brings it there. */
export interface BackendRequest {
  readonly method: string;
  /** Origin form: path and query. */
  readonly path: string;
  readonly authority: string;
  /** Name, value, name, value; names in lower case; none that belongs to a connection or to the framing. */
  readonly headers: readonly string[];
  readonly body: Readable | undefined;
  /** Length of the body where it is known beforehand. */
  readonly bodyBytes: number | undefined;
  /** The caller takes trailers; said to backends that speak HTTP/2, where gRPC insists on it. */
  readonly wantsTrailers: boolean;
  /** Ask for a WebSocket. */
  readonly upgrade: boolean;
}

/** What becomes of a request. Either `failed`, at any time and nothing after it, or `head` and then what follows it. */
export interface AnswerSink {
  informational(status: number, headers: readonly string[]): void;
  head(status: number, reason: string, headers: readonly string[]): void;
  /** A piece of the body; the end of the answer too when `last`. false: no more before `Exchange.resume`. */
  chunk(bytes: Buffer, last: boolean): boolean;
  end(trailers: readonly string[]): void;
  /** The backend speaks WebSocket from here on; `rest` came with its answer. */
  upgraded(headers: readonly string[], socket: Duplex, rest: Buffer): void;
  failed(failure: BackendFailure, repeat: Repeat): void;
}

/**
 * Whether a failed request may be sent again: `always` when no byte of it was sent; `idempotent` when an unused connection
 * broke just as it was taken, so that the backend may or may not have seen it.
 */
export type Repeat = 'always' | 'idempotent' | 'never';

/** A request under way. */
export interface Exchange {
  resume(): void;
  /** Gives up: nothing more is told to the sink. */
  abort(): void;
}

/** The time limits of `GatewayLimits` that one exchange is under. */
export interface ExchangeLimits {
  readonly headerBytes: number;
  readonly responseMilliseconds: number;
  readonly responseIdleMilliseconds: number;
}
