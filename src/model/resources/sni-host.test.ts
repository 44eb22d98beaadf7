import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readSNIHost } from './sni-host.ts';

for (const { text, host, problem, why } of [
  { text: '*', host: '*', why: 'every other' },
  { text: 'API.Example.com.', host: 'api.example.com', why: 'names have no case and no final dot' },
  { text: '*.Example.com', host: '*.example.com', why: 'a wildcard' },
  { text: '*.bücher.example', host: '*.xn--bcher-kva.example', why: 'an IDN' },
  { text: 'a.*.com', problem: /whole first label/, why: 'a wildcard inside' },
  { text: 'a*.com', problem: /whole first label/, why: 'half a wildcard' },
  { text: '**', problem: /whole first label/, why: 'two stars' },
  { text: '*.', problem: /missing/, why: 'a wildcard of nothing' },
  { text: '', problem: /missing/, why: 'nothing' },
  { text: '10.0.0.1', problem: /no server name for an address/, why: 'IPv4' },
  { text: '*.10.0.0.1', problem: /address/, why: 'a wildcard of an address' },
  { text: '::1', problem: /address/, why: 'IPv6' },
  { text: 'a.com:443', problem: /not the name/, why: 'a port' },
  { text: 'https://a.com', problem: /not the name/, why: 'a URL' },
]) {
  test(`readSNIHost() ${problem === undefined ? 'reads' : 'refuses'} ${JSON.stringify(text)}: ${why}`, () => {
    const read = readSNIHost(text);
    if ('problem' in read) assert.match(read.problem, problem ?? /^$/);
    else assert.equal(read.host, host);
  });
}
