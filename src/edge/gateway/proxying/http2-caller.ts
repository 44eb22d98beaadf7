import { constants } from 'node:http2';
import type { IncomingHttpHeaders, ServerHttp2Stream } from 'node:http2';
import type { Readable } from 'node:stream';
import type { Caller, CallerListener } from './caller.ts';
import type { CallerConnection } from './caller-connection.ts';

/** A request of HTTP/2 and its answer. */
export class Http2Caller implements Caller {
  readonly connection: CallerConnection;
  readonly version = '2.0';
  readonly method: string;
  readonly target: string;
  readonly authority: string | undefined;
  readonly rawHeaders: readonly string[];
  readonly #stream: ServerHttp2Stream;
  #listener: CallerListener | undefined;
  #trailers: readonly string[] = [];
  /** Of the answer, as far as the gateway has it; Node also ends a stream that the caller resets. */
  #ended = false;

  constructor(
    connection: CallerConnection,
    stream: ServerHttp2Stream,
    headers: IncomingHttpHeaders,
    raw: readonly string[],
  ) {
    this.connection = connection;
    this.#stream = stream;
    this.method = headers[':method'] ?? '';
    this.target = headers[':path'] ?? '';
    this.authority = headers[':authority'];
    this.rawHeaders = withoutPseudo(raw);
    stream.on('error', ignore);
  }

  get begun(): boolean {
    return this.#stream.headersSent;
  }

  body(): Readable {
    return this.#stream;
  }

  invite(): void {}

  listen(listener: CallerListener): void {
    this.#listener = listener;
    this.#stream.once('close', () => {
      if (!this.#ended) listener.left();
    });
  }

  informational(status: number, headers: readonly string[]): void {
    if (this.#stream.headersSent || this.#stream.destroyed || status === 101) return;
    this.#stream.additionalHeaders({ ':status': status, ...fieldsOf(headers) });
  }

  /** Trailers have to be announced before the body, and whoever gives a length sends none. */
  head(status: number, _reason: string, headers: string[]): void {
    if (this.#stream.destroyed || this.#stream.closed) return;
    const waitForTrailers = this.method !== 'HEAD' && !headers.some((name) => name.toLowerCase() === 'content-length');
    if (waitForTrailers) this.#stream.once('wantTrailers', this.#sendTrailers);
    this.#stream.respond([':status', String(status), ...headers] as never, { waitForTrailers });
  }

  chunk(bytes: Buffer, last: boolean): boolean {
    if (last) this.#ended = true;
    if (this.#stream.destroyed) return true;
    if (last) this.#stream.end(bytes);
    else if (!this.#stream.write(bytes)) {
      this.#stream.once('drain', () => this.#listener?.drained());
      return false;
    }
    return true;
  }

  end(trailers: readonly string[]): void {
    this.#trailers = trailers;
    this.#ended = true;
    this.#stream.end();
  }

  answer(status: number, headers: readonly string[], body: string): void {
    this.#ended = true;
    if (this.#stream.destroyed || this.#stream.closed) return;
    this.#stream.respond([':status', String(status), ...headers] as never);
    this.#stream.end(this.method === 'HEAD' ? undefined : body);
    // What is left of the request is not wanted (RFC 9113 section 8.1).
    this.#stream.once('finish', () => this.#stream.close(constants.NGHTTP2_NO_ERROR));
  }

  upgrade(): undefined {
    return undefined;
  }

  /** `close` would end the answer before it resets the stream, and so make it look whole. */
  breakOff(): void {
    this.#stream.destroy(new Error('the answer broke off'));
  }

  readonly #sendTrailers = (): void => {
    if (this.#stream.destroyed) return;
    this.#stream.sendTrailers(fieldsOf(this.#trailers));
  };
}

function withoutPseudo(raw: readonly string[]): readonly string[] {
  const kept: string[] = [];
  for (let i = 0; i < raw.length; i += 2) if (!raw[i]!.startsWith(':')) kept.push(raw[i]!, raw[i + 1]!);
  return kept;
}

function fieldsOf(raw: readonly string[]): Record<string, string[]> {
  const fields: Record<string, string[]> = {};
  for (let i = 0; i < raw.length; i += 2) (fields[raw[i]!.toLowerCase()] ??= []).push(raw[i + 1]!);
  return fields;
}

/** `close` follows, and tells. */
function ignore(): void {}
