import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isCoded } from '#errors';
import { Tag, derFalse, encode, integer, parseDER, sequence } from '../der/index.ts';
import {
  authorityInfoAccessExtension,
  authorityKeyIdExtension,
  basicConstraintsExtension,
  crlDistributionPointsExtension,
  encodeExtensions,
  extendedKeyUsageExtension,
  formatIP,
  formatIPRange,
  generalNames,
  groupAltNames,
  isInIPRange,
  keyUsageExtension,
  nameConstraintsExtension,
  noSubtrees,
  parseAuthorityInfoAccess,
  parseAuthorityKeyId,
  parseBasicConstraints,
  parseCRLDistributionPoints,
  parseExtendedKeyUsage,
  parseIP,
  parseIPRange,
  parseKeyUsage,
  parseNameConstraints,
  parseSubjectAltName,
  parseSubjectKeyId,
  readExtensions,
  splitUsages,
  subjectAltNameExtension,
  subjectKeyIdExtension,
  usageNames,
} from './index.ts';

const hex = (value: Uint8Array): string => Buffer.from(value).toString('hex');
const malformed = (error: unknown): boolean => isCoded(error, 'der-malformed');

const addresses: readonly { text: string; hex: string; back?: string }[] = [
  { text: '10.0.0.1', hex: '0a000001' },
  { text: '::', hex: '00'.repeat(16) },
  { text: '::1', hex: `${'00'.repeat(15)}01` },
  { text: '2001:DB8:0:0:1:0:0:1', hex: '20010db8000000000001000000000001', back: '2001:db8::1:0:0:1' },
  { text: '1:2:3:4:5:6:7::', hex: '00010002000300040005000600070000', back: '1:2:3:4:5:6:7:0' },
  { text: '64:ff9b::192.0.2.33', hex: '0064ff9b0000000000000000c0000221', back: '64:ff9b::c000:221' },
  { text: '::ffff:1.2.3.4', hex: '00000000000000000000ffff01020304' },
];

for (const { text, hex: expected, back } of addresses) {
  test(`the address ${text} is read, and written as RFC 5952 says`, () => {
    assert.equal(hex(parseIP(text)!), expected);
    assert.equal(formatIP(parseIP(text)!), back ?? text);
  });
}

for (const text of [
  '',
  '1.2.3',
  '1.2.3.256',
  '01.2.3.4',
  '1.2.3.4.5',
  ':',
  ':::',
  '1::2::3',
  '1:2:3:4:5:6:7',
  '1:2:3:4:5:6:7:8:9',
  '::12345',
  'fe80::1%eth0',
  '1:2:3:4:5:6:7:8::',
  '1.2.3.4::',
]) {
  test(`"${text}" is no address`, () => assert.equal(parseIP(text), undefined));
}

test('every address survives its text', () => {
  const octets = fc.oneof(
    fc.uint8Array({ minLength: 4, maxLength: 4 }),
    fc.uint8Array({ minLength: 16, maxLength: 16 }),
  );
  fc.assert(fc.property(octets, (value) => assert.deepEqual(parseIP(formatIP(value)!), value)));
});

const ranges: readonly { text: string; hex: string; inside: string; outside: string }[] = [
  { text: '10.0.0.0/8', hex: '0a000000ff000000', inside: '10.255.0.1', outside: '11.0.0.0' },
  { text: '192.168.1.128/25', hex: 'c0a80180ffffff80', inside: '192.168.1.200', outside: '192.168.1.1' },
  { text: '0.0.0.0/0', hex: '0000000000000000', inside: '8.8.8.8', outside: '::1' },
  { text: 'fd00::/8', hex: `fd${'00'.repeat(15)}ff${'00'.repeat(15)}`, inside: 'fdff::1', outside: 'fe00::' },
  { text: '10.0.0.5/255.0.0.255', hex: '0a000005ff0000ff', inside: '10.1.2.5', outside: '10.1.2.6' },
];

for (const { text, hex: expected, inside, outside } of ranges) {
  test(`the range ${text} holds ${inside} and not ${outside}`, () => {
    const range = parseIPRange(text)!;
    assert.equal(hex(range), expected);
    assert.equal(formatIPRange(range), text);
    assert.equal(isInIPRange(parseIP(inside)!, range), true);
    assert.equal(isInIPRange(parseIP(outside)!, range), false);
  });
}

for (const text of ['10.0.0.0', '10.0.0.0/33', '10.0.0.0/', '10.0.0.0/-1', '::/129', '10.0.0.0/8/8', '10.0.0.0/::1']) {
  test(`"${text}" is no range`, () => assert.equal(parseIPRange(text), undefined));
}

test('alternative names come in the order DNS, email, IP, URI, other, and IPv4 takes four octets', () => {
  const names = generalNames({
    otherNames: [{ oid: '1.3.6.1.4.1.311.20.2.3', utf8Value: 'üser@x' }],
    uris: ['spiffe://cluster.local/ns/sandbox/sa/foo'],
    ipAddresses: ['::ffff:10.0.0.1', '::1'],
    emailAddresses: ['alice@example.com'],
    dnsNames: ['b.example', 'a.example'],
  });
  assert.deepEqual(
    names.map(({ type }) => type),
    ['dns', 'dns', 'email', 'ip', 'ip', 'uri', 'other'],
  );
  const { critical, value } = subjectAltNameExtension(names, true);
  assert.equal(critical, true);
  assert.ok(hex(value).includes('87040a000001'));
  assert.deepEqual(parseSubjectAltName(value), names);
  assert.deepEqual(groupAltNames(names).ipAddresses, ['10.0.0.1', '::1']);
});

test('any alternative names come back, and encode to the same bytes', () => {
  const text = fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 40 });
  const name = fc.oneof(
    fc.record({ type: fc.constantFrom('dns', 'email', 'uri'), value: text }),
    fc.record({
      type: fc.constant('ip'),
      value: fc.oneof(fc.ipV4(), fc.constant('::ffff:1.2.3.4'), fc.constant('fe80::1')),
    }),
    fc.record({ type: fc.constant('other'), oid: fc.constant('1.2.3'), utf8Value: fc.string() }),
    fc.constant({ type: 'directory', name: [[{ type: '2.5.4.3', value: 'x', tag: Tag.printableString }]] }),
    fc.constant({ type: 'registeredID', value: '1.2.3.4' }),
    fc.constant({ type: 'opaque', der: Buffer.from('a3023000', 'hex') }),
  );
  fc.assert(
    fc.property(fc.array(name, { minLength: 1, maxLength: 8 }), (names) => {
      const { value } = subjectAltNameExtension(names, false);
      const read = parseSubjectAltName(value);
      assert.deepEqual(structuredClone(read), structuredClone(names));
      assert.equal(hex(subjectAltNameExtension(read, false).value), hex(value));
    }),
  );
});

test('names that their type cannot hold are refused by name', () => {
  for (const names of [{ dnsNames: ['bücher.example'] }, { uris: ['http://bücher'] }]) {
    assert.throws(
      () => subjectAltNameExtension(generalNames(names), false),
      (error) => isCoded(error, 'name-malformed'),
    );
  }
  assert.throws(
    () => generalNames({ ipAddresses: ['10.0.0'] }),
    (error) => isCoded(error, 'name-malformed'),
  );
});

const badAltNames: readonly { hex: string; why: string }[] = [
  { hex: '3000', why: 'no name at all' },
  { hex: '300587030a0000', why: 'an address of three octets' },
  { hex: '30038201ff', why: 'a DNS name outside ASCII' },
  { hex: '30028900', why: 'an unknown type' },
  { hex: '3004a4023000ff', why: 'bytes after the end' },
];
for (const { hex, why } of badAltNames) {
  test(`alternative names with ${why} are refused`, () =>
    assert.throws(() => parseSubjectAltName(Buffer.from(hex, 'hex')), malformed));
}

test('more alternative names than any client reads are refused', () => {
  const many = Buffer.alloc(20_002, Buffer.from('8200', 'hex'));
  assert.throws(() => parseSubjectAltName(encode(Tag.sequence, many)), /more than 10000 names/);
});

test('all 23 usages go to their extension, and the second names to the same place', () => {
  assert.equal(usageNames.length, 23);
  const { keyUsages, extendedKeyUsages } = splitUsages(usageNames, false);
  assert.equal(keyUsages.length + extendedKeyUsages.length, 21);
  assert.deepEqual(parseKeyUsage(keyUsageExtension(keyUsages).value), keyUsages);
  assert.deepEqual(parseExtendedKeyUsage(extendedKeyUsageExtension(extendedKeyUsages).value), extendedKeyUsages);
  assert.deepEqual(
    splitUsages(['signing', 's/mime'], false),
    splitUsages(['digital signature', 'email protection'], false),
  );
});

test("no usages mean cert-manager's default, and a CA adds cert sign", () => {
  assert.deepEqual(splitUsages([], false), {
    keyUsages: ['digital signature', 'key encipherment'],
    extendedKeyUsages: [],
  });
  assert.deepEqual(splitUsages([], true).keyUsages, ['digital signature', 'key encipherment', 'cert sign']);
  assert.deepEqual(splitUsages(['toString', 'server auth'], false), {
    keyUsages: [],
    extendedKeyUsages: ['server auth'],
  });
});

test('usages without a name keep their identifier', () => {
  assert.deepEqual(parseExtendedKeyUsage(extendedKeyUsageExtension(['client auth', '1.2.3.4']).value), [
    'client auth',
    '1.2.3.4',
  ]);
});

test('basic constraints: an end-entity certificate says nothing, a CA its path length', () => {
  assert.equal(hex(basicConstraintsExtension({ isCA: false, pathLength: 3 }).value), '3000');
  for (const value of [
    { isCA: true },
    { isCA: true, pathLength: 0 },
    { isCA: true, pathLength: 300 },
    { isCA: false },
  ]) {
    assert.deepEqual(parseBasicConstraints(basicConstraintsExtension(value).value), value);
  }
  assert.deepEqual(parseBasicConstraints(sequence(derFalse)), { isCA: false });
  assert.throws(() => parseBasicConstraints(sequence(integer(1), derFalse)), malformed);
});

test('key identifiers come back, and an authority named otherwise has none', () => {
  const identifier = Buffer.from('0102', 'hex');
  assert.deepEqual(parseSubjectKeyId(subjectKeyIdExtension(identifier).value), identifier);
  assert.deepEqual(parseAuthorityKeyId(authorityKeyIdExtension(identifier).value), identifier);
  assert.equal(parseAuthorityKeyId(sequence(encode(0x82, Uint8Array.of(1)))), undefined);
});

test('name constraints come back with their criticality', () => {
  const permitted = { ...noSubtrees, dnsDomains: ['example.com'], ipRanges: ['10.0.0.0/8', 'fd00::/8'] };
  const excluded = { ...noSubtrees, emailAddresses: ['.example.com'], uriDomains: ['example.org'] };
  for (const critical of [true, false]) {
    const constraints = { critical, permitted, excluded };
    assert.deepEqual(parseNameConstraints(nameConstraintsExtension(constraints)), constraints);
  }
  const bad = { critical: true, permitted: { ...noSubtrees, ipRanges: ['10.0.0.0'] }, excluded: noSubtrees };
  assert.throws(
    () => nameConstraintsExtension(bad),
    (error) => isCoded(error, 'name-malformed'),
  );
});

test('where CRLs, OCSP and the issuer are found comes back', () => {
  const urls = ['http://a.example/ca.crl', 'ldap://b'];
  assert.deepEqual(parseCRLDistributionPoints(crlDistributionPointsExtension(urls).value), urls);
  const access = { ocspServers: ['http://ocsp'], issuingCertificateURLs: ['http://ca', 'http://cb'] };
  assert.deepEqual(parseAuthorityInfoAccess(authorityInfoAccessExtension(access).value), access);
});

test('an extension that occurs twice is refused', () => {
  const twice = encodeExtensions([subjectKeyIdExtension(Uint8Array.of(1)), subjectKeyIdExtension(Uint8Array.of(2))]);
  assert.throws(() => readExtensions(parseDER(twice)), /occurs twice/);
});
