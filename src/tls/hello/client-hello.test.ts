import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { connect } from 'node:tls';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { findPeer, peer } from '../../../test/peers/peer.ts';
import { maximumHelloBytes, readClientHello } from './index.ts';
import type { HelloParts } from './test-hello.ts';
import { alpn, helloMessage, records, serverName, supportedVersions } from './test-hello.ts';

function read(parts: HelloParts) {
  return readClientHello(records(helloMessage(parts)));
}

/** The first bytes that `dial` makes some client send. */
async function recorded(dial: (port: number) => void): Promise<Buffer> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  dial((server.address() as AddressInfo).port);
  const [socket] = await once(server, 'connection');
  const [bytes] = await once(socket, 'data');
  socket.destroy();
  server.close();
  return bytes;
}

describe('readClientHello() reads real clients', () => {
  test('Node offers a name, protocols and TLS 1.3', async () => {
    const bytes = await recorded((port) => {
      const options = { host: '127.0.0.1', port, servername: 'API.Example.com', ALPNProtocols: ['h2', 'http/1.1'] };
      connect(options).on('error', () => {});
    });
    const expected = {
      state: 'hello',
      serverName: 'api.example.com',
      alpn: ['h2', 'http/1.1'],
      highestVersion: 0x0304,
    };
    assert.deepEqual(readClientHello(bytes), expected);
  });

  test('openssl s_client offers what its arguments say', peer('openssl'), async () => {
    const bytes = await recorded((port) => {
      const args = ['s_client', '-connect', `127.0.0.1:${port}`, '-servername', 'a.example.com', '-tls1_2'];
      spawn(findPeer('openssl') ?? 'openssl', [...args, '-alpn', 'x'], { stdio: 'ignore' });
    });
    const expected = { state: 'hello', serverName: 'a.example.com', alpn: ['x'], highestVersion: 0x0303 };
    assert.deepEqual(readClientHello(bytes), expected);
  });

  test('openssl s_client without a name has none', peer('openssl'), async () => {
    const bytes = await recorded((port) => {
      const args = ['s_client', '-connect', `127.0.0.1:${port}`, '-noservername'];
      spawn(findPeer('openssl') ?? 'openssl', args, { stdio: 'ignore' });
    });
    const expected = { state: 'hello', serverName: undefined, alpn: [], highestVersion: 0x0304 };
    assert.deepEqual(readClientHello(bytes), expected);
  });
});

describe('readClientHello() reads a name', () => {
  const cases: { name: string; host?: string; state?: string; why: string }[] = [
    { name: 'a.example.com', host: 'a.example.com', why: 'as it stands' },
    { name: 'A.Example.COM', host: 'a.example.com', why: 'host names have no case' },
    { name: 'a.example.com.', host: 'a.example.com', why: 'RFC 6066 wants none, but some clients send the root dot' },
    { name: 'localhost', host: 'localhost', why: 'one label is a name' },
    { name: 'my_service.local', host: 'my_service.local', why: 'underscores are common inside' },
    { name: '192.0.2.1', host: '192.0.2.1', why: 'forbidden, sent all the same, and harmless' },
    { name: `${'a'.repeat(63)}.x`, host: `${'a'.repeat(63)}.x`, why: 'the longest label' },
    { name: `${'a'.repeat(64)}.x`, state: 'bad-name', why: 'a label too long' },
    { name: 'ab.'.repeat(84) + 'x', host: 'ab.'.repeat(84) + 'x', why: '253 bytes, the longest name' },
    { name: 'ab.'.repeat(84) + 'xy', state: 'bad-name', why: '254 bytes' },
    { name: '[2001:db8::1]', state: 'bad-name', why: 'an IPv6 address is no host name' },
    { name: '*.example.com', state: 'bad-name', why: 'a client wants one host' },
    { name: 'a..b', state: 'bad-name', why: 'an empty label' },
    { name: '.', state: 'bad-name', why: 'the root alone' },
    { name: 'a b', state: 'bad-name', why: 'a space' },
    { name: 'a\0.example.com', state: 'bad-name', why: 'a NUL that other programs would stop at' },
    { name: 'b\xfccher.example', state: 'bad-name', why: 'names go over the wire as A-labels' },
    { name: '', state: 'not-tls', why: 'RFC 6066: at least one byte' },
  ];
  for (const { name, host, state, why } of cases) {
    test(`${JSON.stringify(name.slice(0, 30))}: ${why}`, () => {
      const reading = read({ extensions: [serverName(name)] });
      assert.equal(reading.state, state ?? 'hello');
      assert.equal(reading.state === 'hello' ? reading.serverName : undefined, host);
    });
  }
});

describe('readClientHello() reads what is offered', () => {
  const cases: { why: string; parts: HelloParts; version: number; protocols?: string[] }[] = [
    { why: 'a hello of 1999 has no extensions', parts: { version: 0x0301 }, version: 0x0301 },
    { why: 'an empty list of extensions', parts: { extensions: [] }, version: 0x0303 },
    {
      why: 'the highest of the supported versions',
      parts: { extensions: [supportedVersions(0x0303, 0x0304)] },
      version: 0x0304,
    },
    { why: 'GREASE is passed over', parts: { extensions: [supportedVersions(0x7a7a, 0x0303)] }, version: 0x0303 },
    { why: 'only unknown versions', parts: { extensions: [supportedVersions(0x7a7a)] }, version: 0x0303 },
    {
      why: 'protocols in order',
      parts: { extensions: [alpn('h2', 'http/1.1')] },
      version: 0x0303,
      protocols: ['h2', 'http/1.1'],
    },
    {
      why: 'a list of protocols that ends early',
      parts: { extensions: [[16, Buffer.from([0, 3, 9, 65, 66])]] },
      version: 0x0303,
    },
    {
      why: 'other extensions are passed over',
      parts: { extensions: [[65_281, Buffer.from([0])], alpn('x')] },
      version: 0x0303,
      protocols: ['x'],
    },
  ];
  for (const { why, parts, version, protocols } of cases) {
    test(why, () => {
      const expected = { state: 'hello', serverName: undefined, alpn: protocols ?? [], highestVersion: version };
      assert.deepEqual(read(parts), expected);
    });
  }
});

describe('readClientHello() refuses', () => {
  const hello = records(helloMessage({ extensions: [serverName('a.example')] }));
  const cases: { why: string; bytes: Uint8Array }[] = [
    { why: 'plain HTTP, from the first byte', bytes: Buffer.from('G') },
    { why: 'an SSL 2 hello', bytes: Buffer.from([0x80, 0x2e, 1, 3, 1]) },
    { why: 'a record of no version', bytes: Buffer.from([22, 9]) },
    { why: 'an alert instead of a handshake', bytes: Buffer.from([21, 3, 1, 0, 2, 2, 40]) },
    { why: 'an empty record', bytes: Buffer.from([22, 3, 1, 0, 0]) },
    { why: 'a record longer than RFC 8446 allows', bytes: Buffer.from([22, 3, 1, 0x40, 1]) },
    { why: 'a handshake message that is no hello', bytes: Buffer.from([22, 3, 1, 0, 4, 2]) },
    { why: 'a hello of 16 MB', bytes: Buffer.from([22, 3, 1, 0x40, 0, 1, 0xff, 0xff, 0xff]) },
    {
      why: 'lengths that contradict each other',
      bytes: Buffer.from(hello).fill(255, 45),
    },
    {
      why: 'the same extension twice',
      bytes: records(helloMessage({ extensions: [serverName('a'), serverName('b')] })),
    },
    { why: 'a name of no known type', bytes: records(helloMessage({ extensions: [serverName('a', 1)] })) },
    { why: 'one record a byte', bytes: records(helloMessage({ suites: Buffer.alloc(400) }), 1) },
    {
      why: 'bytes without end',
      bytes: records(Buffer.concat([Buffer.from([1, 1, 0, 0]), Buffer.alloc(66_000)])).subarray(0, maximumHelloBytes),
    },
  ];
  for (const { why, bytes } of cases) test(why, () => assert.equal(readClientHello(bytes).state, 'not-tls'));
});

describe('readClientHello() with any bytes', () => {
  const whole = helloMessage({ extensions: [serverName('a.example.com'), alpn('h2'), supportedVersions(0x0304)] });

  test('asks for more until the last byte of the hello, however it is split into records', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: whole.length }), (size) => {
        const bytes = records(whole, size);
        const complete = readClientHello(bytes);
        assert.equal(complete.state, size * 128 < whole.length ? 'not-tls' : 'hello');
        if (complete.state !== 'hello') return;
        for (let end = 0; end < bytes.length; end++)
          assert.equal(readClientHello(bytes.subarray(0, end)).state, 'more');
        assert.deepEqual(readClientHello(Buffer.concat([bytes, Buffer.from('rest')])), complete);
      }),
      { numRuns: 60 },
    );
  });

  test('never throws, and answers with a host name or none', () => {
    const place = fc.tuple(fc.nat(records(whole).length - 1), fc.nat(255));
    fc.assert(
      fc.property(fc.array(place, { maxLength: 6 }), fc.nat(200), (changes, cut) => {
        const bytes = records(whole);
        for (const [at, value] of changes) bytes[at] = value;
        const reading = readClientHello(bytes.subarray(0, bytes.length - (cut > 150 ? cut - 150 : 0)));
        if (reading.state === 'hello') assert.match(reading.serverName ?? 'none', /^[a-z0-9_.-]+$/);
      }),
      { numRuns: 5_000 },
    );
  });

  test('takes any bytes at all', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 500 }), (bytes) => void readClientHello(bytes)),
      { numRuns: 2_000 },
    );
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 500 }),
        (bytes) => void readClientHello(records(Buffer.concat([Buffer.from([1, 0, 0, 200]), bytes]))),
      ),
      { numRuns: 2_000 },
    );
  });
});
