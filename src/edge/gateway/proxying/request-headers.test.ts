import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { readRequestHeaders } from './request-headers.ts';
import type { RequestHeaders } from './request-headers.ts';

function read(...raw: string[]): RequestHeaders {
  const reading = readRequestHeaders(raw);
  assert.ok(reading.ok);
  return reading.headers;
}

describe('readRequestHeaders()', () => {
  it('passes on what is between the ends, names in lower case', () => {
    assert.deepEqual(read('Accept', '*/*', 'X-A', '1', 'x-a', '2').kept, ['accept', '*/*', 'x-a', '1', 'x-a', '2']);
  });

  it('keeps what belongs to the connection', () => {
    const { kept, host, isChunked } = read(
      'Host',
      'a.test',
      'Connection',
      'keep-alive',
      'Keep-Alive',
      'timeout=5',
      'TE',
      'gzip',
      'Trailer',
      'x',
      'Transfer-Encoding',
      'chunked',
      'Proxy-Authorization',
      'Basic eA==',
      'HTTP2-Settings',
      'AAM',
      'Expect',
      'x',
    );
    assert.deepEqual([kept, host, isChunked], [[], 'a.test', true]);
  });

  it('drops the fields that the connection header names', () => {
    assert.deepEqual(read('X-Secret', '1', 'x-open', '2', 'Connection', 'close, X-Secret').kept, ['x-open', '2']);
  });

  for (const name of [
    'Client-Cert',
    'CLIENT-CERT-CHAIN',
    'X-Forwarded-For',
    'Forwarded',
    'X-Real-IP',
    'client_cert',
    'Client-Cert_Chain',
  ]) {
    it(`never passes on a caller's ${name}: a backend believes it`, () => {
      assert.deepEqual(read(name, 'forged').kept, []);
    });
  }

  it('does not take a name with an underscore for the one with a hyphen', () => {
    const { contentLength, isChunked, kept } = read('content_length', '5', 'transfer_encoding', 'chunked', 'x_ok', '1');
    assert.deepEqual([contentLength, isChunked, kept], [undefined, false, ['x_ok', '1']]);
  });

  it('joins the cookies that HTTP/2 sends one by one', () => {
    assert.deepEqual(read('cookie', 'a=1', 'cookie', 'b=2').kept, ['cookie', 'a=1; b=2']);
  });

  for (const raw of [
    ['host', 'a', 'host', 'b'],
    ['content-length', '1', 'content-length', '1'],
    ['content-length', '-1'],
    ['content-length', '1e3'],
  ]) {
    it(`refuses ${raw.join(' ')}`, () => {
      assert.deepEqual(readRequestHeaders(raw), { ok: false, code: 'bad-request' });
    });
  }

  it('passes on nothing that it should drop, however the names are spelt and mixed', () => {
    const secret = fc.constantFrom(
      'client-cert',
      'forwarded',
      'x-forwarded-for',
      'connection',
      'transfer-encoding',
      'upgrade',
    );
    const spelt = secret.chain((name) =>
      fc
        .array(fc.boolean(), { minLength: name.length, maxLength: name.length })
        .map((upper) => Array.from(name, (letter, index) => (upper[index]! ? letter.toUpperCase() : letter)).join('')),
    );
    const field = fc.tuple(fc.oneof(spelt, fc.constantFrom('x-a', 'accept')), fc.constantFrom('a', 'x-a', 'close'));
    fc.assert(
      fc.property(fc.array(field), (fields) => {
        const names = read(...fields.flat()).kept.filter((_, index) => index % 2 === 0);
        assert.ok(names.every((name) => name === 'x-a' || name === 'accept'));
      }),
    );
  });
});
