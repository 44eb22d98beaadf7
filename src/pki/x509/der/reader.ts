import { malformedDER } from './malformed.ts';
import { Tag } from './tags.ts';

export interface DERLimits {
  /** Largest input, in bytes. */
  readonly maxBytes: number;
  /** Deepest nesting that `children()` and `DERCursor` descend to. */
  readonly maxDepth: number;
}

/** Wide enough for keystores; certificates and requests are read with limits of their own. */
export const defaultLimits: DERLimits = { maxBytes: 16 * 1024 * 1024, maxDepth: 32 };

const maxChildren = 65_536;

/** One element inside a byte array that it shares, never copies. Content is read only where somebody asks for it. */
export class DERElement {
  readonly source: Buffer;
  /** The identifier octet, see `Tag`. */
  readonly tag: number;
  /** Offset of the identifier octet. */
  readonly start: number;
  readonly contentStart: number;
  /** Offset after the last content octet. */
  readonly end: number;
  /** Levels that may still be entered below this one. */
  readonly depthLeft: number;

  constructor(source: Buffer, tag: number, start: number, contentStart: number, end: number, depthLeft: number) {
    this.source = source;
    this.tag = tag;
    this.start = start;
    this.contentStart = contentStart;
    this.end = end;
    this.depthLeft = depthLeft;
  }

  get length(): number {
    return this.end - this.contentStart;
  }

  /** The content octets, a view. */
  get content(): Buffer {
    return this.source.subarray(this.contentStart, this.end);
  }

  /** The whole element with its header, a view. */
  get raw(): Buffer {
    return this.source.subarray(this.start, this.end);
  }

  /** Elements inside this one. der-malformed for a primitive type, or more than 65,536 of them. */
  children(): DERElement[] {
    const cursor = new DERCursor(this);
    const found: DERElement[] = [];
    while (!cursor.done) {
      if (found.length === maxChildren) throw malformedDER('too many elements', this.start);
      found.push(cursor.next());
    }
    return found;
  }

  /** Fails with der-malformed unless this has the tag `expected`; `what` names the field in the message. */
  expect(expected: number, what: string): this {
    if (this.tag !== expected)
      throw malformedDER(`${what}: expected tag ${hex(expected)}, found ${hex(this.tag)}`, this.start);
    return this;
  }
}

/** Reads the elements inside a constructed element one after the other. */
export class DERCursor {
  readonly #parent: DERElement;
  #offset: number;

  constructor(parent: DERElement) {
    if ((parent.tag & 0x20) === 0) throw malformedDER('a primitive element has no elements inside', parent.start);
    if (parent.depthLeft === 0) throw malformedDER('nested too deep', parent.start);
    this.#parent = parent;
    this.#offset = parent.contentStart;
  }

  get done(): boolean {
    return this.#offset === this.#parent.end;
  }

  /** The tag of the next element, undefined at the end. */
  get nextTag(): number | undefined {
    return this.done ? undefined : this.#parent.source[this.#offset];
  }

  /** The next element, which must have `tag` when one is given. */
  next(tag?: number, what = 'element'): DERElement {
    const { source, end, depthLeft, start } = this.#parent;
    if (this.done) throw malformedDER(`${what} is missing`, start);
    const element = readElement(source, this.#offset, end, depthLeft - 1);
    if (tag !== undefined) element.expect(tag, what);
    this.#offset = element.end;
    return element;
  }

  /** The next element when it has `tag`, otherwise undefined. */
  optional(tag: number): DERElement | undefined {
    return this.nextTag === tag ? this.next() : undefined;
  }

  /** Fails with der-malformed when elements are left. */
  finish(what: string): void {
    if (!this.done) throw malformedDER(`${what}: unexpected element`, this.#offset);
  }
}

/**
 * The single element that fills `bytes`. Strict DER (X.690 section 10): definite lengths in the shortest form, nothing
 * after the end. Tag numbers above 30 do not occur in X.509 or PKCS and are refused. Fails with der-malformed.
 */
export function parseDER(bytes: Uint8Array, limits: DERLimits = defaultLimits): DERElement {
  if (bytes.length > limits.maxBytes) throw malformedDER(`larger than ${limits.maxBytes} bytes`, limits.maxBytes);
  const element = readElement(asBuffer(bytes), 0, bytes.length, limits.maxDepth);
  if (element.end !== bytes.length) throw malformedDER('bytes after the end', element.end);
  return element;
}

/** The sequence that fills `bytes`, ready to be read field by field. */
export function parseSequence(bytes: Uint8Array, what: string, limits: DERLimits = defaultLimits): DERCursor {
  return new DERCursor(parseDER(bytes, limits).expect(Tag.sequence, what));
}

/** The same memory as a Buffer. */
export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function readElement(source: Buffer, start: number, limit: number, depthLeft: number): DERElement {
  if (start + 2 > limit) throw malformedDER('truncated', start);
  const tag = source[start]!;
  if ((tag & 0x1f) === 0x1f) throw malformedDER('tag number above 30', start);
  const first = source[start + 1]!;
  if (first < 0x80) return sized(source, tag, start, start + 2, first, limit, depthLeft);
  const octets = first & 0x7f;
  if (octets === 0 || octets > 4) throw malformedDER('indefinite or oversized length', start + 1);
  if (start + 2 + octets > limit) throw malformedDER('truncated', start);
  const length = source.readUIntBE(start + 2, octets);
  if (length < 0x80 || source[start + 2] === 0) throw malformedDER('length is not in its shortest form', start + 1);
  return sized(source, tag, start, start + 2 + octets, length, limit, depthLeft);
}

function sized(
  source: Buffer,
  tag: number,
  start: number,
  contentStart: number,
  length: number,
  limit: number,
  depthLeft: number,
): DERElement {
  if (contentStart + length > limit) throw malformedDER('length runs past the end', start);
  return new DERElement(source, tag, start, contentStart, contentStart + length, depthLeft);
}

function hex(tag: number): string {
  return `0x${tag.toString(16).padStart(2, '0')}`;
}
