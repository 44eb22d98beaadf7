import type { AnswerHead } from './answer-head.ts';
import { MalformedAnswer, readAnswerHead } from './answer-head.ts';
import { ChunkedBody } from './chunked-body.ts';

/** Where the parts of an answer go. */
export interface AnswerParts {
  /** The last `head` of an answer has a status of 200 or more, or 101. */
  head(head: AnswerHead): void;
  chunk(bytes: Buffer, last: boolean): void;
  end(trailers: readonly string[]): void;
}

const emptyLine = Buffer.from('\r\n\r\n', 'latin1');
const none: readonly string[] = [];

/** Reads the answer to one request from the pieces in which it arrives. */
export class AnswerReader {
  readonly #method: string;
  readonly #parts: AnswerParts;
  readonly #headerBytes: number;
  #held: Buffer | undefined;
  #state: 'head' | 'length' | 'chunked' | 'until-close' | 'done' = 'head';
  #remaining = 0;
  #body: ChunkedBody | undefined;

  constructor(method: string, headerBytes: number, parts: AnswerParts) {
    this.#method = method;
    this.#headerBytes = headerBytes;
    this.#parts = parts;
  }

  get done(): boolean {
    return this.#state === 'done';
  }

  /** Whether the backend has begun to answer. */
  get begun(): boolean {
    return this.#state !== 'head' || this.#held !== undefined;
  }

  /** Returns what came after the answer, or after a 101. Throws MalformedAnswer. */
  read(piece: Buffer): Buffer | undefined {
    let rest: Buffer | undefined = piece;
    while (rest !== undefined && rest.length > 0 && this.#state !== 'done') rest = this.#step(rest);
    return this.#state === 'done' && rest !== undefined && rest.length > 0 ? rest : undefined;
  }

  /** The backend closed. Whether that ended the answer as it should. */
  close(): boolean {
    if (this.#state !== 'until-close') return false;
    this.#finish(none);
    return true;
  }

  #step(piece: Buffer): Buffer | undefined {
    if (this.#state === 'head') return this.#readHead(piece);
    if (this.#state === 'length') return this.#readLength(piece);
    if (this.#state === 'chunked') return this.#readChunked(piece);
    this.#parts.chunk(piece, false);
    return undefined;
  }

  #readHead(piece: Buffer): Buffer | undefined {
    const bytes = this.#held === undefined ? piece : Buffer.concat([this.#held, piece]);
    const end = bytes.indexOf(emptyLine);
    if (end > this.#headerBytes || (end === -1 && bytes.length > this.#headerBytes)) {
      throw new MalformedAnswer('the header of the response is too large');
    }
    this.#held = end === -1 ? bytes : undefined;
    if (end === -1) return undefined;
    this.#takeHead(readAnswerHead(bytes.toString('latin1', 0, end), this.#method));
    return bytes.subarray(end + 4);
  }

  #takeHead(head: AnswerHead): void {
    this.#parts.head(head);
    if (head.status < 200 && head.status !== 101) return;
    const { framing } = head;
    if (head.status === 101) this.#state = 'done';
    else if (framing.kind === 'length') this.#expect(framing.bytes);
    else this.#state = framing.kind;
    if (framing.kind === 'chunked') this.#body = new ChunkedBody();
  }

  #expect(bytes: number): void {
    this.#remaining = bytes;
    this.#state = 'length';
    if (bytes === 0) this.#finish(none);
  }

  #readLength(piece: Buffer): Buffer | undefined {
    const whole = piece.length <= this.#remaining ? piece : piece.subarray(0, this.#remaining);
    this.#remaining -= whole.length;
    if (this.#remaining === 0) this.#state = 'done';
    this.#parts.chunk(whole, this.#state === 'done');
    return whole === piece ? undefined : piece.subarray(whole.length);
  }

  #readChunked(piece: Buffer): Buffer | undefined {
    const reading = this.#body!.read(piece, (bytes) => this.#parts.chunk(bytes, false));
    if (reading.done) this.#finish(this.#body!.trailers);
    return reading.end === piece.length ? undefined : piece.subarray(reading.end);
  }

  #finish(trailers: readonly string[]): void {
    this.#state = 'done';
    this.#parts.end(trailers);
  }
}
