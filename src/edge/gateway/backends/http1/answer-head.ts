/** How the end of a response's body is known (RFC 9112 section 6.3). */
export type BodyFraming =
  { readonly kind: 'length'; readonly bytes: number } | { readonly kind: 'chunked' } | { readonly kind: 'until-close' };

/** The header of one response. */
export interface AnswerHead {
  readonly status: number;
  readonly reason: string;
  /** Name, value, name, value; names as the backend wrote them. */
  readonly headers: readonly string[];
  readonly framing: BodyFraming;
  /** Whether the connection may carry another request afterwards. */
  readonly persistent: boolean;
}

/** What is not HTTP; never holds bytes of the response. */
export class MalformedAnswer extends Error {
  readonly code = 'MALFORMED_ANSWER';
}

const statusLine = /^HTTP\/1\.([01]) ([1-5]\d\d)(?: ([\t\u0020-\u007e\u0080-\u00ff]*))?$/u;
const token = /^[\w!#$%&'*+.^`|~-]+$/u;
const fieldValue = /^[\t\u0020-\u007e\u0080-\u00ff]*$/u;

const nothing: BodyFraming = { kind: 'length', bytes: 0 };
const chunked: BodyFraming = { kind: 'chunked' };
const untilClose: BodyFraming = { kind: 'until-close' };

/**
 * Reads the header of a response: `text` is latin1, without the empty line that ends it. Stricter than it would have to
 * be: whatever two parsers could read in two ways is refused. Throws MalformedAnswer.
 */
export function readAnswerHead(text: string, method: string): AnswerHead {
  const lineEnd = text.indexOf('\r\n');
  const match = statusLine.exec(lineEnd === -1 ? text : text.slice(0, lineEnd));
  if (match === null) throw new MalformedAnswer('the status line is not one of HTTP/1.0 or HTTP/1.1');
  const fields = new FieldReading();
  if (lineEnd !== -1) fields.readLines(text, lineEnd + 2);
  const status = Number(match[2]);
  return {
    status,
    reason: match[3] ?? '',
    headers: fields.headers,
    framing: hasNoBody(status, method) ? nothing : fields.framing(),
    persistent: fields.persistent(match[1] === '1', status, method),
  };
}

/** Reads the fields after the last chunk; empty text gives none. Throws MalformedAnswer. */
export function readTrailers(text: string): readonly string[] {
  const fields = new FieldReading();
  if (text !== '') fields.readLines(text, 0);
  return fields.headers;
}

function hasNoBody(status: number, method: string): boolean {
  return status < 200 || status === 204 || status === 304 || method === 'HEAD';
}

/** Without the spaces and tabs around it; String.trim would take more than those. */
function trimmed(text: string, start: number, stop: number): string {
  let [from, to] = [start, stop];
  while (from < to && isBlank(text.charCodeAt(from))) from += 1;
  while (to > from && isBlank(text.charCodeAt(to - 1))) to -= 1;
  return text.slice(from, to);
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09;
}

class FieldReading {
  readonly headers: string[] = [];
  #length = -1;
  #encoding: string | undefined;
  #connection = '';

  readLines(text: string, start: number): void {
    for (let from = start; from <= text.length;) {
      const end = text.indexOf('\r\n', from);
      const to = end === -1 ? text.length : end;
      this.#readLine(text, from, to);
      from = to + 2;
    }
  }

  #readLine(text: string, from: number, to: number): void {
    const colon = text.indexOf(':', from);
    if (colon === -1 || colon >= to) throw new MalformedAnswer('a header line has no colon');
    const name = text.slice(from, colon);
    if (!token.test(name)) throw new MalformedAnswer('a header name holds a character that it may not');
    const value = trimmed(text, colon + 1, to);
    if (!fieldValue.test(value)) throw new MalformedAnswer(`the header ${name} holds a control character`);
    this.headers.push(name, value);
    this.#note(name, value);
  }

  /** By length first, because most names are none of these. */
  #note(name: string, value: string): void {
    if (name.length === 14 && name.toLowerCase() === 'content-length') this.#noteLength(value);
    else if (name.length === 17 && name.toLowerCase() === 'transfer-encoding') this.#noteEncoding(value);
    else if (name.length === 10 && name.toLowerCase() === 'connection') this.#connection += `,${value.toLowerCase()}`;
  }

  #noteLength(value: string): void {
    const bytes = /^\d{1,15}$/u.test(value) ? Number(value) : -1;
    if (bytes === -1 || this.#length !== -1) throw new MalformedAnswer('the content length is not one number');
    this.#length = bytes;
  }

  #noteEncoding(value: string): void {
    if (this.#encoding !== undefined || value.toLowerCase() !== 'chunked') {
      throw new MalformedAnswer('the transfer encoding is not chunked alone');
    }
    this.#encoding = 'chunked';
  }

  framing(): BodyFraming {
    if (this.#encoding === undefined) return this.#length === -1 ? untilClose : { kind: 'length', bytes: this.#length };
    if (this.#length !== -1) throw new MalformedAnswer('both a content length and a transfer encoding are given');
    return chunked;
  }

  /** A 204 or 304 that announces a body may be followed by one, which would be taken for the next response. */
  persistent(isHTTP11: boolean, status: number, method: string): boolean {
    const announced = this.#length > 0 || this.#encoding !== undefined;
    if (announced && status !== 304 && method !== 'HEAD' && hasNoBody(status, method)) return false;
    if (this.#connection === '') return isHTTP11;
    const options = this.#connection.split(',').map((option) => option.trim());
    return isHTTP11 ? !options.includes('close') : options.includes('keep-alive');
  }
}
