import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex, Readable } from 'node:stream';
import type { Caller, CallerListener } from './caller.ts';
import type { CallerConnection } from './caller-connection.ts';

/** Up to here it is cheaper to join the end of the body with the header as one text than to write two buffers. */
const smallBody = 8192;

/** A request of HTTP/1.x and its answer. */
export class Http1Caller implements Caller {
  readonly connection: CallerConnection;
  readonly #request: IncomingMessage;
  readonly #response: ServerResponse;
  #listener: CallerListener | undefined;
  #awaitsInvitation: boolean;

  constructor(
    connection: CallerConnection,
    request: IncomingMessage,
    response: ServerResponse,
    awaitsInvitation = false,
  ) {
    this.connection = connection;
    this.#request = request;
    this.#response = response;
    this.#awaitsInvitation = awaitsInvitation;
  }

  get version(): '1.0' | '1.1' {
    return this.#request.httpVersionMinor === 0 ? '1.0' : '1.1';
  }

  get method(): string {
    return this.#request.method!;
  }

  get target(): string {
    return this.#request.url!;
  }

  get authority(): undefined {
    return undefined;
  }

  get rawHeaders(): readonly string[] {
    return this.#request.rawHeaders;
  }

  get begun(): boolean {
    return this.#response.headersSent;
  }

  body(): Readable {
    return this.#request;
  }

  invite(): void {
    if (!this.#awaitsInvitation) return;
    this.#awaitsInvitation = false;
    this.#response.writeContinue();
  }

  listen(listener: CallerListener): void {
    this.#listener = listener;
    this.#response.once('close', this.#closed);
  }

  informational(status: number, headers: readonly string[]): void {
    if (this.version === '1.0' || status === 101 || this.begun) return;
    // Node has no call for other interim responses than these two.
    if (status === 103) this.#response.writeEarlyHints(fieldsOf(headers));
    else if (status === 102) this.#response.writeProcessing();
  }

  /** Who is answered before the request is whole gets no other answer on the connection: the rest is not read. */
  head(status: number, reason: string, headers: string[]): void {
    if (this.#isUnread) this.#response.shouldKeepAlive = false;
    this.#response.writeHead(status, reason, headers);
  }

  chunk(bytes: Buffer, last: boolean): boolean {
    if (!last) {
      if (this.#response.write(bytes)) return true;
      this.#response.once('drain', this.#drained);
      return false;
    }
    if (bytes.length <= smallBody) this.#response.end(bytes.toString('latin1'), 'latin1');
    else this.#response.end(bytes);
    return true;
  }

  end(trailers: readonly string[]): void {
    if (trailers.length > 0) this.#response.addTrailers(pairsOf(trailers));
    this.#response.end();
  }

  answer(status: number, headers: readonly string[], body: string): void {
    if (this.#isUnread) this.#response.shouldKeepAlive = false;
    this.#response.writeHead(status, headers as string[]);
    this.#response.end(this.method === 'HEAD' ? undefined : body);
  }

  upgrade(headers: readonly string[]): Duplex | undefined {
    const { socket } = this.#response;
    if (socket === null || socket.destroyed) return undefined;
    this.#response.off('close', this.#closed);
    this.#response.detachSocket(socket);
    let text = 'HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n';
    for (let i = 0; i < headers.length; i += 2) text += `${headers[i]}: ${headers[i + 1]}\r\n`;
    socket.write(`${text}\r\n`, 'latin1');
    return socket;
  }

  breakOff(): void {
    this.#response.destroy();
  }

  /** Whether some of the body may still be to come. */
  get #isUnread(): boolean {
    const { complete, headers } = this.#request;
    return !complete && (headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined);
  }

  readonly #drained = (): void => {
    this.#listener?.drained();
  };

  readonly #closed = (): void => {
    if (!this.#response.writableFinished) this.#listener?.left();
  };
}

function pairsOf(raw: readonly string[]): [string, string][] {
  const pairs: [string, string][] = [];
  for (let i = 0; i < raw.length; i += 2) pairs.push([raw[i]!, raw[i + 1]!]);
  return pairs;
}

function fieldsOf(raw: readonly string[]): Record<string, string | string[]> {
  const fields: Record<string, string[]> = {};
  for (const [name, value] of pairsOf(raw)) (fields[name.toLowerCase()] ??= []).push(value);
  return fields;
}
