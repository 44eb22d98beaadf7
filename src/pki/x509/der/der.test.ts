import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isCoded } from '#errors';
import {
  DERCursor,
  Tag,
  encode,
  integer,
  isOID,
  namedBits,
  octetString,
  oid,
  parseDER,
  readBitString,
  readBoolean,
  readInteger,
  readNamedBits,
  readOID,
  readSmallInteger,
  readText,
  readTime,
  sequence,
  setOf,
  time,
  unsignedInteger,
  utf8String,
} from './index.ts';
import type { DERElement } from './index.ts';

const bytes = (hex: string): Buffer => Buffer.from(hex.replaceAll(' ', ''), 'hex');
const hex = (value: Uint8Array): string => Buffer.from(value).toString('hex');
const malformed = (error: unknown): boolean => isCoded(error, 'der-malformed') && /byte \d+/.test(error.field ?? '');

const refused: readonly { hex: string; why: string }[] = [
  { hex: '', why: 'nothing' },
  { hex: '30', why: 'no length' },
  { hex: '3080 0000', why: 'indefinite length' },
  { hex: '3002 05', why: 'content runs past the end' },
  { hex: '308101 05', why: 'length 1 in long form' },
  { hex: '30820005 0500050005', why: 'long form with a leading zero' },
  { hex: '3085 0000000001 00', why: 'five length octets' },
  { hex: '3084 ffffffff', why: 'four gigabytes announced' },
  { hex: '0500 00', why: 'bytes after the end' },
  { hex: '1f8101 00', why: 'high tag number' },
];

for (const { hex, why } of refused) {
  test(`parseDER() refuses ${why}`, () => assert.throws(() => parseDER(bytes(hex)), malformed));
}

const badContent: readonly { hex: string; read: (element: DERElement) => unknown; why: string }[] = [
  { hex: '0101 01', read: readBoolean, why: 'a boolean that is neither 00 nor FF' },
  { hex: '0200', read: readInteger, why: 'an integer without octets' },
  { hex: '0202 0001', read: readInteger, why: 'a padded positive integer' },
  { hex: '0202 ff80', read: readInteger, why: 'a padded negative integer' },
  { hex: '0201 ff', read: readSmallInteger, why: 'a negative number where none may be' },
  { hex: '0205 0100000000', read: readSmallInteger, why: 'a number above 2^31' },
  { hex: '0600', read: readOID, why: 'an empty object identifier' },
  { hex: '0602 8001', read: readOID, why: 'an arc with a leading 80' },
  { hex: '0601 81', read: readOID, why: 'an arc without end' },
  { hex: '0300', read: readBitString, why: 'a bit string without its first octet' },
  { hex: '0302 0101', read: readBitString, why: 'a bit string of seven bits where octets are wanted' },
  { hex: '0302 0181', read: readNamedBits, why: 'unused bits that are set' },
  { hex: '0c01 ff', read: readText, why: 'invalid UTF-8' },
  { hex: '1e01 41', read: readText, why: 'half a BMP character' },
  { hex: '1c04 00110000', read: readText, why: 'a code point above Unicode' },
  { hex: '0201 05', read: readText, why: 'an integer as a string' },
  { hex: `170b ${Buffer.from('2601010000Z').toString('hex')}`, read: readTime, why: 'a time without seconds' },
  { hex: `170d ${Buffer.from('260230000000Z').toString('hex')}`, read: readTime, why: 'February 30' },
  { hex: `1711 ${Buffer.from('260101000000+0100').toString('hex')}`, read: readTime, why: 'a time with an offset' },
];

for (const { hex, read, why } of badContent) {
  test(`the readers refuse ${why}`, () => assert.throws(() => read(parseDER(bytes(hex))), malformed));
}

test('nesting beyond the limit is refused, whatever the input', () => {
  let der = octetString(new Uint8Array());
  for (let level = 0; level < 100; level++) der = sequence(der);
  const descend = (element: DERElement): void =>
    element.tag === Tag.sequence ? element.children().forEach(descend) : undefined;
  assert.throws(() => descend(parseDER(der)), malformed);
});

test('a string of a million characters is read', () => {
  const text = readText(parseDER(encode(Tag.universalString, Buffer.alloc(4_000_000))));
  assert.equal(text.length, 1_000_000);
});

test('an input above the limit is refused before it is read', () => {
  assert.throws(() => parseDER(Buffer.alloc(100), { maxBytes: 99, maxDepth: 4 }), /larger than 99 bytes/);
});

test('integers keep their value, in the shortest form', () => {
  const cases = [
    [0, '020100'],
    [127, '02017f'],
    [128, '02020080'],
    [-1, '0201ff'],
    [-129, '0202ff7f'],
    [65537, '0203010001'],
  ] as const;
  for (const [value, expected] of cases) assert.equal(hex(integer(value)), expected);
  const value = fc.bigInt({ min: -(1n << 300n), max: 1n << 300n });
  fc.assert(fc.property(value, (number) => assert.equal(readInteger(parseDER(integer(number))), number)));
});

test('unsignedInteger() is integer() of the same octets', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 40 }), (octets) => {
      assert.equal(hex(unsignedInteger(octets)), hex(integer(BigInt(`0x${hex(octets)}`))));
    }),
  );
});

test('object identifiers keep their dotted form', () => {
  assert.equal(hex(oid('1.2.840.113549.1.1.11')), '06092a864886f70d01010b');
  const rest = fc.array(fc.bigInt({ min: 0n, max: 1n << 128n }), { maxLength: 6 });
  const anyOID = fc.tuple(fc.constantFrom('0.9', '1.39', '2.5', '2.999', '2.47', '2.48'), rest);
  fc.assert(
    fc.property(anyOID, ([start, arcs]) => {
      const dotted = [start, ...arcs].join('.');
      assert.equal(readOID(parseDER(oid(dotted))), dotted);
    }),
  );
});

test('isOID() accepts only what can be encoded', () => {
  for (const text of ['', '1', '1.40', '3.1', '1.02', '1.2.', '.1.2', '1.2.a', `1.2.${'9'.repeat(300)}`]) {
    assert.equal(isOID(text), false, text);
    assert.throws(
      () => oid(text),
      (error) => isCoded(error, 'der-malformed'),
    );
  }
});

test('time() changes from UTCTime to GeneralizedTime where RFC 5280 4.1.2.5 says', () => {
  const cases = [
    ['1949-12-31T23:59:59Z', Tag.generalizedTime],
    ['1950-01-01T00:00:00Z', Tag.utcTime],
    ['2049-12-31T23:59:59Z', Tag.utcTime],
    ['2050-01-01T00:00:00Z', Tag.generalizedTime],
    ['9999-12-31T23:59:59Z', Tag.generalizedTime],
  ] as const;
  for (const [text, tag] of cases) {
    const element = parseDER(time(new Date(text)));
    assert.equal(element.tag, tag, text);
    assert.deepEqual(readTime(element), new Date(text));
  }
  assert.throws(
    () => time(new Date('+010000-01-01T00:00:00Z')),
    (error) => isCoded(error, 'der-malformed'),
  );
  assert.throws(
    () => time(new Date(Number.NaN)),
    (error) => isCoded(error, 'der-malformed'),
  );
});

test('times keep their second', () => {
  const dates = fc.date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true });
  fc.assert(
    fc.property(dates, (date) => {
      const seconds = new Date(Math.floor(date.getTime() / 1000) * 1000);
      assert.deepEqual(readTime(parseDER(time(date))), seconds);
    }),
  );
});

test('named bits drop trailing zeros and come back', () => {
  assert.equal(hex(namedBits([0, 2, 5])), '030202a4');
  assert.equal(hex(namedBits([])), '030100');
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(31)), (bits) => {
      assert.deepEqual(
        readNamedBits(parseDER(namedBits(bits))),
        bits.sort((a, b) => a - b),
      );
    }),
  );
});

test('setOf() sorts, encode() writes every size of length', () => {
  assert.equal(hex(setOf(integer(2), integer(1))), '3106020101020102');
  for (const size of [0, 127, 128, 255, 256, 65_535, 65_536]) {
    const element = parseDER(encode(Tag.octetString, Buffer.alloc(size, 7)));
    assert.equal(element.content.length, size);
  }
});

test('a cursor says what is missing and what is too much', () => {
  const pair = parseDER(sequence(integer(1), utf8String('a')));
  const cursor = new DERCursor(pair);
  assert.equal(cursor.optional(Tag.boolean), undefined);
  cursor.next(Tag.integer, 'version');
  assert.throws(() => cursor.finish('pair'), /pair: unexpected element/);
  assert.throws(() => cursor.next(Tag.integer, 'number'), /number: expected tag 0x02, found 0x0c/);
  cursor.next();
  assert.throws(() => cursor.next(Tag.null, 'end'), /end is missing/);
  assert.throws(() => new DERCursor(parseDER(integer(1))), malformed);
});

test('any bytes are read whole or refused with der-malformed', () => {
  const walk = (element: DERElement): number => {
    if ((element.tag & 0x20) === 0) return element.raw.length;
    return element.children().reduce((sum, child) => sum + walk(child), element.contentStart - element.start);
  };
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (input) => {
      try {
        assert.equal(walk(parseDER(input)), input.length);
      } catch (error) {
        if (!malformed(error)) throw error;
      }
    }),
    { numRuns: 2000 },
  );
});
