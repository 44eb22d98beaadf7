import { constants } from 'node:http2';
import type { ClientHttp2Session, ClientHttp2Stream, IncomingHttpHeaders } from 'node:http2';
import { classifyBackendError } from '../../failures/classify.ts';
import type { AnswerSink, BackendRequest, Exchange, Repeat } from '../exchange.ts';
import type { Http2Connection } from './http2-connection.ts';

/** One request and its answer on a connection of HTTP/2. */
export class Http2Exchange implements Exchange {
  /** Of `performance.now()`. */
  deadline = Number.POSITIVE_INFINITY;
  readonly #connection: Http2Connection;
  readonly #request: BackendRequest;
  #sink: AnswerSink | undefined;
  #stream: ClientHttp2Stream | undefined;
  #begun = false;
  #trailers: readonly string[] = [];

  constructor(connection: Http2Connection, request: BackendRequest, sink: AnswerSink) {
    this.#connection = connection;
    this.#request = request;
    this.#sink = sink;
  }

  begin(session: ClientHttp2Session): void {
    const { body } = this.#request;
    const stream = session.request(headersOf(this.#request), { endStream: body === undefined });
    this.#stream = stream;
    this.#progressed();
    stream.on('headers', this.#informational);
    stream.on('response', this.#head);
    stream.on('data', this.#chunk);
    stream.on('trailers', this.#takeTrailers);
    stream.on('end', this.#end);
    stream.on('error', (error: Error) => this.fail(error));
    stream.on('close', this.#closed);
    if (body !== undefined) this.#sendBody(body, stream);
  }

  resume(): void {
    this.#progressed();
    this.#stream?.resume();
  }

  abort(): void {
    if (this.#finish() !== undefined) this.#stream?.close(constants.NGHTTP2_CANCEL);
  }

  expire(): void {
    this.fail(Object.assign(new Error('the backend took too long'), { code: 'ETIMEDOUT' }));
  }

  /** A backend that refused the stream has not looked at it (RFC 9113 section 8.7). */
  fail(error: Error): void {
    const refused = this.#stream?.rstCode === constants.NGHTTP2_REFUSED_STREAM && !this.#begun;
    const repeat: Repeat = refused ? 'idempotent' : 'never';
    this.#finish()?.failed(classifyBackendError(error, 'connected'), repeat);
    this.#stream?.close(constants.NGHTTP2_CANCEL);
  }

  #sendBody(body: NonNullable<BackendRequest['body']>, stream: ClientHttp2Stream): void {
    body.on('data', (bytes: Buffer) => {
      if (!stream.write(bytes)) body.pause();
      this.#progressed();
    });
    stream.on('drain', () => body.resume());
    body.once('end', () => stream.end());
    body.once('close', () => {
      if (!body.readableEnded) this.abort();
    });
    body.on('error', () => this.abort());
  }

  readonly #informational = (headers: IncomingHttpHeaders, _flags: number, raw: readonly string[]): void => {
    const status = Number(headers[':status']);
    if (status !== 100) this.#sink?.informational(status, withoutPseudo(raw));
  };

  readonly #head = (headers: IncomingHttpHeaders, _flags: number, raw: readonly string[]): void => {
    this.#begun = true;
    this.#progressed();
    this.#sink?.head(Number(headers[':status']), '', withoutPseudo(raw));
  };

  readonly #chunk = (bytes: Buffer): void => {
    this.#progressed();
    if (this.#sink?.chunk(bytes, false) !== false) return;
    this.deadline = Number.POSITIVE_INFINITY;
    this.#stream?.pause();
  };

  readonly #takeTrailers = (_headers: IncomingHttpHeaders, _flags: number, raw: readonly string[]): void => {
    this.#trailers = withoutPseudo(raw);
  };

  readonly #end = (): void => {
    if (this.#begun) this.#finish()?.end(this.#trailers);
  };

  readonly #closed = (): void => {
    this.fail(Object.assign(new Error('the backend ended the stream'), { code: 'ECONNRESET' }));
    this.#connection.release(this);
  };

  #progressed(): void {
    const { responseMilliseconds, responseIdleMilliseconds } = this.#connection.limits;
    this.deadline = performance.now() + (this.#begun ? responseIdleMilliseconds : responseMilliseconds);
  }

  #finish(): AnswerSink | undefined {
    const sink = this.#sink;
    this.#sink = undefined;
    this.deadline = Number.POSITIVE_INFINITY;
    return sink;
  }
}

function headersOf(request: BackendRequest): readonly string[] {
  const length = request.bodyBytes === undefined ? [] : ['content-length', String(request.bodyBytes)];
  const pseudo = [
    ':method',
    request.method,
    ':scheme',
    'https',
    ':authority',
    request.authority,
    ':path',
    request.path,
  ];
  const te = request.wantsTrailers ? ['te', 'trailers'] : [];
  return [...pseudo, ...request.headers, ...length, ...te];
}

function withoutPseudo(raw: readonly string[]): readonly string[] {
  const kept: string[] = [];
  for (let i = 0; i < raw.length; i += 2) if (!raw[i]!.startsWith(':')) kept.push(raw[i]!, raw[i + 1]!);
  return kept;
}
