import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sniHostProblem } from './sni-host.ts';

for (const text of ['*', 'API.Example.com', '*.Example.com', 'xn--bcher-kva.example', 'localhost', 'my_host']) {
  test(`sniHostProblem() takes ${text}`, () => assert.equal(sniHostProblem(text), undefined));
}

for (const { text, problem, why } of [
  { text: '*.bücher.example', problem: /write \*\.xn--bcher-kva\.example$/, why: 'callers send an IDN as A-labels' },
  { text: 'a.com.', problem: /write a\.com$/, why: 'nor do they send a final dot' },
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
  test(`sniHostProblem() refuses ${JSON.stringify(text)}: ${why}`, () => {
    assert.match(sniHostProblem(text) ?? '', problem);
  });
}
