import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isCoded } from '#errors';
import { fixtureNow, makeCA, makeCertificate } from '../certificates/certificate.fixture.ts';
import { noSubtrees } from '../extensions/index.ts';
import {
  checkPath,
  generalNames,
  generateKey,
  nameConstraintsExtension,
  orderChain,
  p256,
  parseCertificateChain,
  parseNameText,
  forbiddenName,
  subjectAltNameExtension,
} from '../index.ts';
import type { Certificate, GeneralName, NameSubtrees } from '../index.ts';

const root = makeCA('root');
const intermediate = makeCA('intermediate', root);
const second = makeCA('second', intermediate);
const leaf = makeCertificate({ subject: 'leaf', issuer: second });
const rootLeaf = makeCertificate({ subject: 'root leaf', issuer: root });
const selfSigned = makeCertificate({ subject: 'alone' });
const otherRoot = makeCA('other root');
const imposter = makeCA('intermediate', otherRoot);
const rootRenewed = makeCA('root', undefined, { key: root.key, serial: 99 });

const [R, I, S, L, RL, A, O, X, R2] = [
  root,
  intermediate,
  second,
  leaf,
  rootLeaf,
  selfSigned,
  otherRoot,
  imposter,
  rootRenewed,
].map(({ certificate }) => certificate) as [
  Certificate,
  Certificate,
  Certificate,
  Certificate,
  Certificate,
  Certificate,
  Certificate,
  Certificate,
  Certificate,
];

const texts = (certificates: readonly Certificate[]): string[] => certificates.map(({ commonName }) => commonName!);

const chains: readonly { given: readonly Certificate[]; chain: string[]; ca: string | undefined; why: string }[] = [
  {
    given: [L, S, I, R],
    chain: ['leaf', 'second', 'intermediate'],
    ca: 'root',
    why: 'a whole chain: the root goes to ca.crt only',
  },
  { given: [R, I, S, L], chain: ['leaf', 'second', 'intermediate'], ca: 'root', why: 'the wrong way round' },
  { given: [I, L, R, S], chain: ['leaf', 'second', 'intermediate'], ca: 'root', why: 'in any order' },
  { given: [L, L, S, I, R, S, L], chain: ['leaf', 'second', 'intermediate'], ca: 'root', why: 'with duplicates' },
  {
    given: [L, S, I],
    chain: ['leaf', 'second', 'intermediate'],
    ca: 'intermediate',
    why: 'without a root: the topmost is the CA',
  },
  { given: [L, S], chain: ['leaf', 'second'], ca: 'second', why: 'a leaf and its issuer' },
  { given: [L], chain: ['leaf'], ca: undefined, why: 'a leaf alone' },
  { given: [R], chain: ['root'], ca: 'root', why: 'a root alone' },
  { given: [A], chain: ['alone'], ca: 'alone', why: 'a self-signed end-entity certificate is its own ca.crt' },
  { given: [RL, R], chain: ['root leaf'], ca: 'root', why: 'below a root directly' },
  { given: [RL, R, R2], chain: ['root leaf'], ca: 'root', why: 'a root and its renewal with the same key' },
  { given: [S, I], chain: ['second', 'intermediate'], ca: 'intermediate', why: 'intermediates only' },
];

for (const { given, chain, ca, why } of chains) {
  test(`parseCertificateChain() with ${why}`, () => {
    const parsed = parseCertificateChain(given);
    assert.deepEqual([texts(parsed.chain), parsed.ca?.commonName], [chain, ca]);
  });
}

const broken: readonly { given: readonly Certificate[]; why: string }[] = [
  { given: [], why: 'nothing' },
  { given: [L, S, R], why: 'a gap' },
  { given: [L, S, I, R, O], why: 'a root that does not belong' },
  { given: [L, RL, S, I, R], why: 'two leaves' },
  { given: [L, S, X, O], why: 'an issuer of the right name with another key' },
  { given: [L, A], why: 'two that have nothing in common' },
];

for (const { given, why } of broken) {
  test(`parseCertificateChain() refuses ${why}`, () => {
    assert.throws(
      () => parseCertificateChain(given),
      (error) => isCoded(error, 'chain-malformed') && error.message === 'certificate chain is malformed or broken',
    );
  });
}

test('parseCertificateChain() refuses more certificates than any chain has', () => {
  const many = Array.from({ length: 65 }, (_, at) => makeCertificate({ subject: `${at}` }).certificate);
  assert.throws(
    () => parseCertificateChain(many),
    (error) => isCoded(error, 'chain-malformed'),
  );
});

test('the order that certificates are given in does not matter', () => {
  fc.assert(
    fc.property(fc.shuffledSubarray([L, S, I, R], { minLength: 4 }), (given) => {
      assert.deepEqual(texts(orderChain(given).chain), ['leaf', 'second', 'intermediate', 'root']);
    }),
  );
});

test('orderChain() keeps what it cannot place', () => {
  const { chain, leftover } = orderChain([O, L, A, S, I, R]);
  assert.deepEqual(texts(chain), ['leaf', 'second', 'intermediate', 'root']);
  assert.deepEqual(texts(leftover), ['other root', 'alone']);
  assert.deepEqual(orderChain([]), { chain: [], leftover: [] });
});

test('two roots that cross-sign each other do not make orderChain() walk for ever', () => {
  const [a, b] = [generateKey(p256), generateKey(p256)];
  const first = makeCA('a', undefined, { key: a });
  const other = makeCA('b', undefined, { key: b });
  const crossA = makeCA('a', other, { key: a });
  const crossB = makeCA('b', first, { key: b });
  const { chain, leftover } = orderChain([crossA.certificate, crossB.certificate]);
  assert.equal(chain.length + leftover.length, 2);
});

const codes = (path: readonly Certificate[], now = fixtureNow): string[] =>
  checkPath(path, now).map(({ code, index }) => `${index} ${code}`);

test('a good path has no problems', () => {
  assert.deepEqual(codes([L, S, I, R]), []);
  assert.deepEqual(codes([R]), []);
});

const noCA = makeCertificate({ subject: 'no ca', issuer: root });
const noSign = makeCA('no sign', root, { keyUsages: ['crl sign'] });
const short = makeCA('short', root, { pathLength: 0 });
const below = makeCA('below', short);
const badSigner = makeCertificate({ subject: 'bad', issuer: intermediate, signer: otherRoot.key });
const unknownExtension = { oid: '1.2.3.4', critical: true, value: Uint8Array.of(5, 0) };
const constrained = makeCA('constrained', root, {
  extensions: [
    nameConstraintsExtension({
      critical: true,
      permitted: { ...noSubtrees, dnsDomains: ['good.example'] },
      excluded: noSubtrees,
    }),
  ],
});
const named = (dnsName: string): readonly Certificate[] => {
  const extensions = [subjectAltNameExtension(generalNames({ dnsNames: [dnsName] }), false)];
  return [
    makeCertificate({ subject: 'named', issuer: constrained, extensions }).certificate,
    constrained.certificate,
    R,
  ];
};

const bad: readonly { path: readonly Certificate[]; expected: string[]; now?: Date; why: string }[] = [
  {
    path: [L, S, I, R],
    expected: ['0 expired', '1 expired', '2 expired', '3 expired'],
    now: new Date('2040-01-01'),
    why: 'after the end',
  },
  {
    path: [RL, R],
    expected: ['0 not-yet-valid', '1 not-yet-valid'],
    now: new Date('2020-01-01'),
    why: 'before the start',
  },
  { path: [L, I, R], expected: ['0 issuer-mismatch'], why: 'a missing intermediate' },
  { path: [badSigner.certificate, I, R], expected: ['0 signature-invalid'], why: 'a signature by another key' },
  {
    path: [makeCertificate({ subject: 'x', issuer: noCA }).certificate, noCA.certificate, R],
    expected: ['1 not-a-ca'],
    why: 'an issuer that is no CA',
  },
  {
    path: [makeCertificate({ subject: 'x', issuer: noSign }).certificate, noSign.certificate, R],
    expected: ['1 no-cert-sign'],
    why: 'an issuer without cert sign',
  },
  {
    path: [makeCertificate({ subject: 'x', issuer: below }).certificate, below.certificate, short.certificate, R],
    expected: ['2 path-too-long'],
    why: 'a CA below path length 0',
  },
  {
    path: [makeCertificate({ subject: 'x', issuer: short }).certificate, short.certificate, R],
    expected: [],
    why: 'an end-entity certificate below path length 0, which is fine',
  },
  {
    path: [makeCertificate({ subject: 'x', issuer: root, extensions: [unknownExtension] }).certificate, R],
    expected: ['0 unknown-critical-extension'],
    why: 'a critical extension nobody knows',
  },
  { path: named('www.good.example'), expected: [], why: 'a name inside the constraint, which is fine' },
  { path: named('www.evil.example'), expected: ['0 name-not-permitted'], why: 'a name outside the constraint' },
];

for (const { path, expected, now, why } of bad) {
  test(`checkPath() with ${why}`, () => assert.deepEqual(codes(path, now), expected));
}

const subtrees = (partial: Partial<NameSubtrees>): NameSubtrees => ({ ...noSubtrees, ...partial });
const one = (type: 'dns' | 'email' | 'uri' | 'ip', value: string): GeneralName => ({ type, value });

const constraintCases: readonly {
  permitted?: Partial<NameSubtrees>;
  excluded?: Partial<NameSubtrees>;
  name: GeneralName;
  ok: boolean;
  why: string;
}[] = [
  {
    permitted: { dnsDomains: ['example.com'] },
    name: one('dns', 'EXAMPLE.com'),
    ok: true,
    why: 'the domain itself, in any case',
  },
  { permitted: { dnsDomains: ['example.com'] }, name: one('dns', 'a.b.example.com'), ok: true, why: 'a host below' },
  {
    permitted: { dnsDomains: ['example.com'] },
    name: one('dns', 'badexample.com'),
    ok: false,
    why: 'a domain that only ends alike',
  },
  {
    permitted: { dnsDomains: ['.example.com'] },
    name: one('dns', 'example.com'),
    ok: false,
    why: 'the domain itself under a leading dot',
  },
  { permitted: { dnsDomains: ['example.com'] }, name: one('ip', '10.0.0.1'), ok: true, why: 'a name of another type' },
  { excluded: { dnsDomains: [''] }, name: one('dns', 'a.b'), ok: false, why: 'everything excluded' },
  {
    excluded: { dnsDomains: ['evil.example'] },
    permitted: { dnsDomains: ['example'] },
    name: one('dns', 'www.evil.example'),
    ok: false,
    why: 'excluded before permitted',
  },
  { permitted: { ipRanges: ['10.0.0.0/8'] }, name: one('ip', '10.9.9.9'), ok: true, why: 'an address in the range' },
  { permitted: { ipRanges: ['10.0.0.0/8'] }, name: one('ip', '::1'), ok: false, why: 'an address of the other family' },
  {
    excluded: { ipRanges: ['10.0.0.5/255.0.0.255'] },
    name: one('ip', '10.1.1.5'),
    ok: false,
    why: 'a mask with holes',
  },
  {
    permitted: { emailAddresses: ['example.com'] },
    name: one('email', 'a@example.com'),
    ok: true,
    why: 'a mailbox of the host',
  },
  {
    permitted: { emailAddresses: ['example.com'] },
    name: one('email', 'a@sub.example.com'),
    ok: false,
    why: 'a mailbox of a host below',
  },
  {
    permitted: { emailAddresses: ['a@example.com'] },
    name: one('email', 'A@example.com'),
    ok: false,
    why: 'a local part in another case',
  },
  {
    permitted: { uriDomains: ['example.com'] },
    name: one('uri', 'https://u:p@example.com:8443/x'),
    ok: true,
    why: 'the host of a URI',
  },
  {
    permitted: { uriDomains: ['.example.com'] },
    name: one('uri', 'https://a.example.com'),
    ok: true,
    why: 'a host below',
  },
  {
    permitted: { uriDomains: ['example.com'] },
    name: one('uri', 'urn:example.com'),
    ok: false,
    why: 'a URI without a host',
  },
  {
    permitted: { directoryNames: [parseNameText('O=x,C=DE')] },
    name: { type: 'directory', name: parseNameText('CN=a,O=x,C=DE') },
    ok: true,
    why: 'a name below',
  },
  {
    permitted: { directoryNames: [parseNameText('O=x,C=DE')] },
    name: { type: 'directory', name: parseNameText('CN=a,O=y,C=DE') },
    ok: false,
    why: 'a name beside',
  },
  {
    permitted: { unknown: [0xa0] },
    name: { type: 'other', oid: '1.2.3', utf8Value: 'x' },
    ok: false,
    why: 'a constraint that is not understood',
  },
];

for (const { permitted = {}, excluded = {}, name, ok, why } of constraintCases) {
  test(`name constraints ${ok ? 'allow' : 'forbid'} ${why}`, () => {
    const reason = forbiddenName(
      { critical: true, permitted: subtrees(permitted), excluded: subtrees(excluded) },
      [],
      [name],
    );
    assert.equal(reason === undefined, ok, reason);
  });
}

test('the subject counts too: as a directory name, and by its email addresses', () => {
  const permitted = subtrees({ directoryNames: [parseNameText('O=x')], emailAddresses: ['example.com'] });
  const constraints = { critical: true, permitted, excluded: noSubtrees };
  assert.equal(forbiddenName(constraints, parseNameText('CN=a,O=x'), []), undefined);
  assert.match(forbiddenName(constraints, parseNameText('CN=a,O=y'), [])!, /subject is not permitted/);
  assert.match(forbiddenName(constraints, parseNameText('emailAddress=a@evil,O=x'), [])!, /email name "a@evil"/);
});
