import { Tag, encode } from '#pki/x509';
import { malformed, unsupported } from './limits.ts';

/**
 * PKCS#12 is BER (RFC 7292, section 4): Firefox, old Windows and Bouncy Castle write indefinite lengths and strings in
 * chunks. This brings such bytes into the one DER form that the strict reader knows.
 */

const maximumDepth = 24;
const maximumElements = 200_000;
const constructedOctetString = 0x24;

interface Element {
  readonly tag: number;
  readonly content: Uint8Array;
  readonly end: number;
}

/** The same element as DER, as far as lengths and octet strings go. Errors: `keystore-malformed`, `-unsupported`. */
export function berToDER(bytes: Uint8Array): Uint8Array {
  const { tag, content } = new BERReader(bytes).element(0, bytes.length, 0);
  return encode(tag, content);
}

class BERReader {
  readonly #bytes: Uint8Array;
  #elements = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** The element at `at`; what follows it is ignored, as padding after a PFX is by every reader. */
  element(at: number, limit: number, depth: number): Element {
    this.#count(at, depth);
    const tag = this.#octet(at, limit);
    if ((tag & 0x1f) === 0x1f) throw malformed('A tag has more than one octet.', `byte ${at}`);
    const { start, length } = this.#length(at + 1, limit);
    if (length !== undefined && length > limit - start) throw malformed('An element is cut off.', `byte ${at}`);
    if ((tag & 0x20) !== 0) return this.#constructed(tag, start, length, limit, depth);
    if (length === undefined) throw malformed('A primitive element has no length.', `byte ${at}`);
    return { tag, content: this.#bytes.subarray(start, start + length), end: start + length };
  }

  #constructed(tag: number, start: number, length: number | undefined, limit: number, depth: number): Element {
    const children: Element[] = [];
    let at = start;
    const end = length === undefined ? limit : start + length;
    while (length === undefined ? !this.#isEndOfContents(at, end) : at < end) {
      const child = this.element(at, end, depth + 1);
      children.push(child);
      at = child.end;
    }
    return { ...joined(tag, children), end: length === undefined ? at + 2 : end };
  }

  #isEndOfContents(at: number, limit: number): boolean {
    return this.#octet(at, limit) === 0 && this.#octet(at + 1, limit) === 0;
  }

  /** Length octets; undefined stands for the indefinite form. */
  #length(at: number, limit: number): { start: number; length: number | undefined } {
    const first = this.#octet(at, limit);
    if (first < 0x80) return { start: at + 1, length: first };
    if (first === 0x80) return { start: at + 1, length: undefined };
    const octets = first & 0x7f;
    if (octets > 4) throw malformed('A length has more than four octets.', `byte ${at}`);
    let length = 0;
    for (let i = 1; i <= octets; i++) length = length * 256 + this.#octet(at + i, limit);
    return { start: at + 1 + octets, length };
  }

  #octet(at: number, limit: number): number {
    if (at >= limit) throw malformed('The keystore ends too early.', `byte ${at}`);
    return this.#bytes[at]!;
  }

  #count(at: number, depth: number): void {
    if (depth > maximumDepth) throw malformed('The keystore is nested too deep.', `byte ${at}`);
    if (++this.#elements > maximumElements) {
      throw unsupported(`The keystore has more than ${maximumElements} elements.`, `byte ${at}`);
    }
  }
}

function joined(tag: number, children: readonly Element[]): { tag: number; content: Uint8Array } {
  if (tag !== constructedOctetString) {
    return { tag, content: Buffer.concat(children.map((child) => encode(child.tag, child.content))) };
  }
  if (children.some((child) => child.tag !== Tag.octetString)) {
    throw malformed('An octet string has a chunk of another type.');
  }
  return { tag: Tag.octetString, content: Buffer.concat(children.map((child) => child.content)) };
}
