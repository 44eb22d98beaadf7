import { MalformedAnswer, readTrailers } from './answer-head.ts';

/** What a piece of a chunked body turned out to be. */
export interface ChunkedReading {
  /** Offset in the piece after what belongs to the body; the piece's length unless the body ended. */
  readonly end: number;
  readonly done: boolean;
}

/** Longest chunk-size line, extensions included. */
const longestSizeLine = 1024;
const largestTrailers = 16_384;
const lineFeed = 0x0a;

/** Takes a chunked body (RFC 9112 section 7.1) apart, piece by piece, without holding more than a line of it. */
export class ChunkedBody {
  /** Fields after the body; complete once it is done. */
  trailers: readonly string[] = [];
  #state: 'size' | 'bytes' | 'bytes-end' | 'trailers' = 'size';
  #remaining = 0;
  #line = '';
  #trailerText = '';

  /** Calls `take` with the bytes of the body in `piece`, without copying them. Throws MalformedAnswer. */
  read(piece: Buffer, take: (bytes: Buffer) => void, from = 0): ChunkedReading {
    let at = from;
    while (at < piece.length) {
      at = this.#state === 'bytes' ? this.#readBytes(piece, at, take) : this.#readLine(piece, at);
      if (at < 0) return { end: -at, done: true };
    }
    return { end: at, done: false };
  }

  #readBytes(piece: Buffer, at: number, take: (bytes: Buffer) => void): number {
    const end = Math.min(piece.length, at + this.#remaining);
    this.#remaining -= end - at;
    take(piece.subarray(at, end));
    if (this.#remaining === 0) this.#state = 'bytes-end';
    return end;
  }

  /** Returns the offset after the line; negated when the body ended with it. */
  #readLine(piece: Buffer, at: number): number {
    const feed = piece.indexOf(lineFeed, at);
    const end = feed === -1 ? piece.length : feed + 1;
    this.#line += piece.toString('latin1', at, end);
    if (this.#line.length > (this.#state === 'trailers' ? largestTrailers : longestSizeLine)) {
      throw new MalformedAnswer('a line of the chunked body is too long');
    }
    if (feed === -1) return end;
    if (!this.#line.endsWith('\r\n')) throw new MalformedAnswer('a line of the chunked body ends without CR');
    const line = this.#line.slice(0, -2);
    this.#line = '';
    return this.#takeLine(line) ? -end : end;
  }

  /** Whether the body ended. */
  #takeLine(line: string): boolean {
    if (this.#state === 'size') this.#takeSize(line);
    else if (this.#state === 'bytes-end') this.#takeEmpty(line);
    else return this.#takeTrailer(line);
    return false;
  }

  #takeSize(line: string): void {
    const match = /^([\da-f]{1,12})[\t ]*(?:;[\t\u0020-\u007e\u0080-\u00ff]*)?$/iu.exec(line);
    if (match === null) throw new MalformedAnswer('a chunk has no size');
    this.#remaining = Number.parseInt(match[1]!, 16);
    this.#state = this.#remaining === 0 ? 'trailers' : 'bytes';
  }

  #takeEmpty(line: string): void {
    if (line !== '') throw new MalformedAnswer('a chunk is longer than its size');
    this.#state = 'size';
  }

  #takeTrailer(line: string): boolean {
    if (line === '') {
      this.trailers = readTrailers(this.#trailerText);
      return true;
    }
    this.#trailerText += this.#trailerText === '' ? line : `\r\n${line}`;
    if (this.#trailerText.length > largestTrailers) throw new MalformedAnswer('the trailers are too long');
    return false;
  }
}
