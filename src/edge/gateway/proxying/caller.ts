import type { Duplex, Readable } from 'node:stream';
import type { CallerConnection } from './caller-connection.ts';

/** One request of a caller, whatever HTTP version brought it, and the way to answer it. */
export interface Caller {
  readonly connection: CallerConnection;
  readonly version: '1.0' | '1.1' | '2.0';
  readonly method: string;
  /** As it came: origin form, absolute form or `*`. */
  readonly target: string;
  /** Where HTTP/2 names the host; HTTP/1 does in a header. */
  readonly authority: string | undefined;
  /** Name, value, name, value; without pseudo-header fields. */
  readonly rawHeaders: readonly string[];
  /** Whether a header has been sent. */
  readonly begun: boolean;

  /** The body, when the headers say that there is one. */
  body(): Readable;
  /** Whoever asked to be told before sending the body, and was not answered yet, is told to send it. */
  invite(): void;
  listen(listener: CallerListener): void;
  informational(status: number, headers: readonly string[]): void;
  head(status: number, reason: string, headers: string[]): void;
  /** false: no more until the listener's `drained`. */
  chunk(bytes: Buffer, last: boolean): boolean;
  end(trailers: readonly string[]): void;
  /** A whole answer of the gateway itself; what is left of the request's body is not read. */
  answer(status: number, headers: readonly string[], body: string): void;
  /** Joins the connection with `backend`, which has agreed to speak WebSocket. Returns the caller's side. */
  upgrade(headers: readonly string[]): Duplex | undefined;
  /** In the middle of an answer that cannot be ended: lets the caller know that it is not whole. */
  breakOff(): void;
}

/** What the caller's side tells. */
export interface CallerListener {
  drained(): void;
  /** The caller went away before the answer was whole. */
  left(): void;
}
