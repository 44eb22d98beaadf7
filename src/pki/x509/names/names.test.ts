import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isCoded } from '#errors';
import { Tag, parseDER } from '../der/index.ts';
import { formatName } from './format.ts';
import { encodeName, parseName } from './name.ts';
import type { Name } from './name.ts';
import { parseLiteralSubject, parseNameText, unknownSubjectKeys } from './rfc4514.ts';
import { nameFromSubject } from './subject.ts';

const malformed = (error: unknown): boolean => isCoded(error, 'name-malformed');
const hex = (name: Name): string => Buffer.from(encodeName(name)).toString('hex');

test("nameFromSubject() has the order of Go's ToRDNSequence, and one RDN for all values of a field", () => {
  const name = nameFromSubject({
    commonName: 'cn',
    serialNumber: '7',
    countries: ['DE'],
    organizations: ['o1', 'o2'],
    organizationalUnits: ['ou'],
    localities: ['l'],
    provinces: ['st'],
    streetAddresses: ['street'],
    postalCodes: ['70000'],
  });
  assert.equal(formatName(name), 'SERIALNUMBER=7,CN=cn,OU=ou,O=o1+O=o2,postalCode=70000,STREET=street,L=l,ST=st,C=DE');
  assert.deepEqual(nameFromSubject({ commonName: '', organizations: [] }), []);
});

const stringTypes: readonly { text: string; tag: number }[] = [
  { text: "Ab 1'()+,-./:=?", tag: Tag.printableString },
  { text: '*.example.com', tag: Tag.utf8String },
  { text: 'a@b', tag: Tag.utf8String },
  { text: 'a&b', tag: Tag.utf8String },
  { text: 'a_b', tag: Tag.utf8String },
  { text: 'Jörg', tag: Tag.utf8String },
];

for (const { text, tag } of stringTypes) {
  test(`a common name "${text}" is written with tag ${tag}, as Go does`, () => {
    const name = parseName(encodeName(nameFromSubject({ commonName: text })));
    assert.deepEqual(name, [[{ type: '2.5.4.3', value: text, tag }]]);
  });
}

test('domain components are IA5Strings', () => {
  const name = parseName(encodeName(parseNameText('DC=example,DC=com')));
  assert.deepEqual(
    name.flat().map(({ value, tag }) => [value, tag]),
    [
      ['com', Tag.ia5String],
      ['example', Tag.ia5String],
    ],
  );
});

test('a literal subject is turned round: the last RDN of the text comes first in DER', () => {
  const name = parseLiteralSubject('CN=*.x.foo-long.bar.com,OU=FooLong,OU=Bar,O=Corp.');
  assert.deepEqual(
    name.map((rdn) => rdn[0]!.value),
    ['Corp.', 'Bar', 'FooLong', '*.x.foo-long.bar.com'],
  );
});

const texts: readonly { text: string; values: readonly string[]; why: string }[] = [
  { text: 'CN=a\\, b', values: ['a, b'], why: 'an escaped comma' },
  { text: 'CN=a\\2C b', values: ['a, b'], why: 'a comma in hexadecimal' },
  { text: 'CN=J\\C3\\B6rg', values: ['Jörg'], why: 'UTF-8 in hexadecimal' },
  { text: 'CN=\\ a\\ ', values: [' a '], why: 'escaped spaces at both ends' },
  { text: 'CN = a , O = b ', values: ['b', 'a'], why: 'spaces around the signs' },
  { text: 'CN=a+O=b', values: ['a', 'b'], why: 'an RDN of two attributes' },
  { text: 'CN=a;O=b', values: ['b', 'a'], why: 'semicolons, as RFC 2253 still read them' },
  { text: 'cn=a', values: ['a'], why: 'a short name in lower case' },
  { text: '2.5.4.3=a', values: ['a'], why: 'a dotted type' },
  { text: 'CN=\\#41', values: ['#41'], why: 'an escaped number sign' },
  { text: 'CN=', values: [''], why: 'an empty value' },
];

for (const { text, values, why } of texts) {
  test(`RFC 4514 text with ${why} is read`, () => {
    assert.deepEqual(
      parseNameText(text)
        .flat()
        .map(({ value }) => value),
      values,
    );
  });
}

for (const text of [
  'a',
  '=a',
  'CN',
  'CN=a,',
  'CN=a\\',
  'CN=a\\q',
  'CN="a"',
  'CN=<a>',
  'CN=\\FF',
  'CN=#4',
  'CN=#0401',
  'FOO=a',
  `CN=${'a'.repeat(9000)}`,
]) {
  test(`RFC 4514 text "${text.slice(0, 12)}" is refused`, () => assert.throws(() => parseNameText(text), malformed));
}

test('unknownSubjectKeys() lists the types that literalSubject does not know', () => {
  assert.deepEqual(unknownSubjectKeys('CN=a,FOO=b,1.2.3.4=c,emailAddress=d,bar=e'), ['FOO', 'emailAddress', 'bar']);
});

test('every name survives its text, and its DER', () => {
  const type = fc.constantFrom('2.5.4.3', '2.5.4.10', '2.5.4.6', '2.5.4.17', '1.2.3.4');
  const value = fc.string({ unit: 'grapheme', maxLength: 30 }).filter((text) => text.isWellFormed());
  const anyName = fc.array(fc.tuple(type, value), { maxLength: 6 });
  fc.assert(
    fc.property(anyName, (pairs) => {
      const name: Name = pairs.map(([type, value]) => [{ type, value, tag: Tag.utf8String }]);
      const read = parseName(encodeName(name));
      assert.deepEqual(read, name);
      assert.deepEqual(
        parseNameText(formatName(name))
          .flat()
          .map((one) => one.value),
        pairs.map(([, text]) => text),
      );
    }),
    { examples: [[[['2.5.4.3', ' ']]], [[['2.5.4.3', '\u00a0x\u2028']]], [[['2.5.4.3', '\\ ']]]], numRuns: 500 },
  );
});

test('a value that is no string is kept as its DER', () => {
  const name = parseNameText('1.2.3.4=#0402abcd');
  assert.equal(formatName(parseName(encodeName(name))), '1.2.3.4=#0402abcd');
  assert.equal(hex(parseName(encodeName(name))), hex(name));
});

test('control characters never reach the text', () => {
  assert.equal(formatName(nameFromSubject({ commonName: 'a\n\u0000\u009fb' })), String.raw`CN=a\0a\00\c2\9fb`);
});

test('an empty RDN, and a name that is no sequence, are refused', () => {
  for (const bad of ['30023100', '3100', '30053103300106']) {
    assert.throws(
      () => parseName(Buffer.from(bad, 'hex')),
      (error) => isCoded(error, 'der-malformed'),
      bad,
    );
  }
  assert.equal(parseDER(encodeName([])).length, 0);
});

test('nameFromSubject() takes a value that looks like # and hexadecimal for the text that it is', () => {
  const name = parseName(encodeName(nameFromSubject({ commonName: '#00' })));
  assert.equal(name[0]?.[0]?.value, '#00');
});
