import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseEndpoint } from './endpoint.ts';

const endpoints: [string, { host: string; port: number } | undefined, string][] = [
  ['example.com:443', { host: 'example.com', port: 443 }, 'a name'],
  ['127.0.0.1:9443', { host: '127.0.0.1', port: 9443 }, 'an IPv4 address'],
  ['[::1]:443', { host: '::1', port: 443 }, 'an IPv6 address'],
  ['https://example.com/a/b', { host: 'example.com', port: 443 }, 'a URL has a port of its own'],
  ['https://[::1]:8443/', { host: '::1', port: 8443 }, 'a URL with an address'],
  ['::1:443', undefined, 'an IPv6 address without brackets has no clear end'],
  ['example.com', undefined, 'no port'],
  ['example.com:0', undefined, 'no port'],
  ['example.com:65536', undefined, 'no such port'],
  ['secret/a:1', undefined, 'a path is no host'],
  [':443', undefined, 'no host'],
  ['http://example.com:80', undefined, 'no TLS'],
];

for (const [text, endpoint, why] of endpoints) {
  test(`parseEndpoint() of ${text}: ${why}`, () => assert.deepEqual(parseEndpoint(text), endpoint));
}
