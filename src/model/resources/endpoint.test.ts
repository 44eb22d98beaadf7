import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { endpointTerm, readBackend, readEndpoint, readHost } from './endpoint.ts';

const backends: readonly { text: string; term?: string; path?: string; problem?: RegExp; why: string }[] = [
  { text: 'https://foo.com', term: 'foo.com:443', path: '/', why: 'https means 443' },
  { text: 'http://foo.com/', term: 'foo.com:80', path: '/', why: 'http means 80' },
  { text: 'HTTPS://Foo.COM.:8443/A%2fb/', term: 'foo.com:8443', path: '/A%2fb/', why: 'names have no case, paths do' },
  { text: 'https://[2001:DB8::0:1]:9/x', term: '[2001:db8::1]:9', path: '/x', why: 'IPv6 in its shortest form' },
  { text: 'https://münchen.example/ü', term: 'xn--mnchen-3ya.example:443', path: '/ü', why: 'IDN as A-label' },
  { text: 'https://BÜCHER.example', term: 'xn--bcher-kva.example:443', path: '/', why: 'IDN without case' },
  { text: 'https://10.0.0.1:1', term: '10.0.0.1:1', path: '/', why: 'IPv4' },
  { text: 'https://my_host:65535', term: 'my_host:65535', path: '/', why: 'underscores occur in real names' },
  { text: 'foo.com/pets', problem: /no scheme; write https:\/\/foo\.com\/pets/, why: 'the mend is shown' },
  { text: 'foo.com:8443', problem: /no scheme; write https:\/\/foo\.com:8443/, why: 'a port is no path' },
  { text: '//foo.com', problem: /write https:\/\/foo\.com/, why: 'a URL relative to a scheme' },
  { text: '', problem: /it is empty/, why: 'nothing' },
  { text: 'ftp://foo.com', problem: /scheme "ftp" is not supported/, why: 'another protocol' },
  { text: 'https://foo.com/?a', problem: /everything from \?/, why: 'a query' },
  { text: 'https://foo.com#a', problem: /everything from \? or #/, why: 'a fragment' },
  { text: 'https://me:secret@foo.com', problem: /^a user name or password cannot/, why: 'credentials are not echoed' },
  { text: 'https://', problem: /host is missing/, why: 'no host' },
  { text: 'https://:443', problem: /host is missing/, why: 'only a port' },
  { text: 'https://foo.com:0', problem: /"0" is not a port/, why: 'port 0' },
  { text: 'https://foo.com:65536', problem: /not a port/, why: 'beyond the ports' },
  { text: 'https://foo.com:', problem: /"" is not a port/, why: 'an empty port' },
  { text: 'https://::1/', problem: /brackets: \[::1\]:8443/, why: 'IPv6 without brackets' },
  { text: 'https://[::1', problem: /too many colons/, why: 'half a bracket' },
  { text: 'https://[foo]', problem: /"foo" is not an IPv6/, why: 'a name in brackets' },
  {
    text: 'https://[fe80::1%eth0]',
    problem: /not the name or address/,
    why: 'a zone means something on one host only',
  },
  {
    text: 'https://127.1',
    problem: /not the name or address/,
    why: 'another spelling of IPv4 would be dialled elsewhere',
  },
  { text: 'https://0x7f000001', problem: /not the name or address/, why: 'so would this' },
  { text: 'https://*.foo.com', problem: /wildcard/, why: 'a pattern is no backend' },
  { text: 'https://foo..com', problem: /not the name/, why: 'an empty label' },
  { text: 'https://-foo.com', problem: /not the name/, why: 'a hyphen in front' },
  { text: `https://${'a'.repeat(64)}.com`, problem: /not the name/, why: 'a label of 64' },
  { text: 'https://foo.com/a b', problem: /spaces/, why: 'a space' },
  { text: 'https:\\\\foo.com', problem: /backslashes/, why: 'browsers would take it' },
  { text: `https://foo.com/${'a'.repeat(2100)}`, problem: /longer than 2048/, why: 'too long' },
];

for (const { text, term, path, problem, why } of backends) {
  test(`readBackend() ${problem === undefined ? 'reads' : 'refuses'} ${JSON.stringify(text.slice(0, 40))}: ${why}`, () => {
    const read = readBackend(text);
    if ('problem' in read) return assert.match(read.problem, problem!);
    assert.deepEqual([endpointTerm(read.host, read.port), read.path], [term, path]);
    assert.equal(read.secure, !text.startsWith('http:'));
  });
}

const endpoints: readonly { text: string; term?: string; problem?: RegExp; why: string }[] = [
  { text: 'https://foo.com/any/path?q', term: 'foo.com:443', why: 'of a URL only host and port count' },
  { text: 'foo.com:8443', term: 'foo.com:8443', why: 'host and port' },
  { text: 'Foo.com', term: 'foo.com', why: 'a bare host: every port' },
  { text: '::1', term: '[::1]', why: 'a bare IPv6 address' },
  { text: '[::1]', term: '[::1]', why: 'in brackets' },
  { text: '[0::1]:443', term: '[::1]:443', why: 'with a port' },
  { text: 'bücher.example:443', term: 'xn--bcher-kva.example:443', why: 'IDN' },
  { text: 'http://foo.com', problem: /http uses no certificates/, why: 'nothing to trust' },
  { text: 'ldaps://foo.com', problem: /not supported/, why: 'another protocol' },
  { text: 'foo.com/path', problem: /write https:\/\/foo\.com\/path/, why: 'a path without a scheme' },
  { text: 'foo.com:https', problem: /not a port/, why: 'a word for a port' },
  { text: '*.foo.com', problem: /wildcard/, why: 'trust for many hosts at once' },
  { text: 'a:b:c', problem: /too many colons/, why: 'not IPv6' },
];

for (const { text, term, problem, why } of endpoints) {
  test(`readEndpoint() ${problem === undefined ? 'reads' : 'refuses'} ${JSON.stringify(text)}: ${why}`, () => {
    const read = readEndpoint(text);
    if ('problem' in read) return assert.match(read.problem, problem!);
    assert.equal(endpointTerm(read.host, read.port), term);
  });
}

test('readEndpoint() of its own term is the same endpoint', () => {
  const hosts = fc.oneof(fc.domain(), fc.ipV4(), fc.ipV6());
  const ports = fc.option(fc.integer({ min: 1, max: 65_535 }), { nil: undefined });
  fc.assert(
    fc.property(hosts, ports, (host, port) => {
      const read = readHost(host);
      if ('problem' in read) return;
      assert.deepEqual(readEndpoint(endpointTerm(read.host, port)), { host: read.host, port });
    }),
  );
});

test('readBackend() and readEndpoint() answer for every text', () => {
  const pieces = fc.constantFrom(
    'https://',
    'http:',
    '[',
    ']',
    ':',
    '::1',
    'a.b',
    '%00',
    '@',
    '/',
    '\\',
    'ü',
    '.',
    '*',
  );
  const texts = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(pieces).map((parts) => parts.join('')),
  );
  fc.assert(
    fc.property(texts, (text) => {
      for (const read of [readBackend(text), readEndpoint(text)]) {
        if ('problem' in read) assert.ok(read.problem.length < 3000);
        else assert.match(read.host, /^[a-z0-9_.:-]+$/);
      }
    }),
  );
});
