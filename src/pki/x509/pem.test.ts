import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isCoded } from '#errors';
import { findPEM, formatPEM, parsePEM } from './pem.ts';

const malformed = (error: unknown): boolean => isCoded(error, 'pem-malformed');
const block = formatPEM('CERTIFICATE', Buffer.from('abc'));

test('any blocks come back, whatever stands between them', () => {
  const text = fc.string().filter((value) => !value.includes('-----'));
  const list = fc.array(fc.tuple(fc.uint8Array({ minLength: 1, maxLength: 300 }), text), { maxLength: 5 });
  fc.assert(
    fc.property(list, (blocks) => {
      const pem = blocks.map(([der, note]) => `${note}\n${formatPEM('X', der)}`).join('');
      assert.deepEqual(
        parsePEM(pem).map(({ der }) => Buffer.from(der).toString('hex')),
        blocks.map(([der]) => Buffer.from(der).toString('hex')),
      );
    }),
  );
});

test('formatPEM() writes 64 columns', () => {
  const lines = formatPEM('CERTIFICATE', Buffer.alloc(49)).split('\n');
  assert.deepEqual(
    lines.map((line) => line.length),
    [27, 64, 4, 25, 0],
  );
});

const accepted: readonly { text: string; why: string }[] = [
  { text: block.replaceAll('\n', '\r\n'), why: 'CRLF' },
  { text: block.replaceAll('\n', '\r'), why: 'CR alone' },
  { text: `\uFEFF${block}`, why: 'a byte order mark' },
  { text: `subject=CN = a\n${block}trailing`, why: 'text around the block' },
  { text: block.trimEnd(), why: 'no line end after the last line' },
  { text: block.replace('YWJj', ' YW\n Jj '), why: 'short and indented lines' },
];

for (const { text, why } of accepted) {
  test(`parsePEM() accepts ${why}`, () => {
    for (const source of [text, Buffer.from(text, 'utf8')]) {
      assert.equal(Buffer.from(parsePEM(source)[0]!.der).toString(), 'abc');
    }
  });
}

const refused: readonly { text: string; why: string }[] = [
  { text: '-----BEGIN CERTIFICATE-----\nYWJj\n', why: 'no END' },
  { text: '-----BEGIN CERTIFICATE-----\nYWJj\n-----END KEY-----\n', why: 'the END of another label' },
  { text: '-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n', why: 'an empty block' },
  { text: '-----BEGIN CERTIFICATE-----\nYW*j\n-----END CERTIFICATE-----\n', why: 'a character outside base64' },
  { text: '-----BEGIN CERTIFICATE-----\nYWJ\n-----END CERTIFICATE-----\n', why: 'missing padding' },
  { text: `-----BEGIN CERTIFICATE-----\nYWJj\n${block}`, why: 'a BEGIN inside a block' },
  { text: '-----BEGIN CERTIFICATE\nYWJj', why: 'a BEGIN line without its end' },
];

for (const { text, why } of refused) {
  test(`parsePEM() refuses ${why}`, () => assert.throws(() => parsePEM(text), malformed));
}

test('the line of the block is named', () => {
  assert.deepEqual(
    parsePEM(`a\nb\n${block}c\n${block}`).map(({ line }) => line),
    [3, 7],
  );
  assert.throws(
    () => parsePEM(`a\n${block}-----BEGIN X-----\n`),
    (error) => malformed(error) && /line 5/.test(String(error)),
  );
});

test('findPEM() says what is missing and how it looks', () => {
  assert.deepEqual(parsePEM('nothing'), []);
  assert.throws(() => findPEM('nothing', ['CERTIFICATE'], 'certificate'), /no certificate found/);
});

test('a block of many megabytes is read', () => {
  assert.equal(parsePEM(formatPEM('X', Buffer.alloc(11 << 20)))[0]!.der.length, 11 << 20);
});

test('a text above the limit is refused', () => {
  assert.throws(() => parsePEM('-'.repeat(16 * 1024 * 1024 + 1)), malformed);
});

test("OpenSSL's old encrypted keys are recognised by their headers", () => {
  const text =
    '-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n\nYWJj\n-----END RSA PRIVATE KEY-----\n';
  assert.equal(parsePEM(text)[0]!.encrypted, true);
});
