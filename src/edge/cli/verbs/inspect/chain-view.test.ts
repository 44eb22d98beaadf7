import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CertificateItem, CertificateSummary, ChainNode, Inspection } from '#pki/inspect';
import { formatChains } from './chain-view.ts';

const now = new Date('2026-01-01T00:00:00Z');
const io = { isTerminal: false, env: {}, now: () => now };

function certificate(subject: string, more: Partial<CertificateSummary> = {}): CertificateItem {
  const notBefore = new Date('2025-01-01T00:00:00Z');
  const notAfter = new Date('2026-04-11T00:00:00Z');
  const summary = { subject, notBefore, notAfter, validity: 'valid', daysLeft: 100, isCA: true, ...more };
  return { type: 'certificate', source: '', place: '', certificate: summary as CertificateSummary };
}

function draw(items: CertificateItem[], ...chains: ChainNode[]): string[] {
  const inspection: Inspection = { sources: [], items, chains, warnings: [] };
  return formatChains(io, inspection).split('\n').slice(1, -1);
}

const leaf = (item: number): ChainNode => ({ item, signed: [] });

test('formatChains() hangs each certificate below its signer, and goes on past branches', () => {
  const items = ['root', 'left', 'right', 'a', 'b'].map((name) => certificate(`CN=${name}`));
  const left: ChainNode = { item: 1, signed: [leaf(3)] };
  const right: ChainNode = { item: 2, signed: [leaf(4)] };
  assert.deepEqual(
    draw(items, { item: 0, signed: [left, right] }).map((line) => line.replace(/ {2}intermediate.*/, '')),
    ['  [0] CN=root', '  ├─ [1] CN=left', '  │  └─ [3] CN=a', '  └─ [2] CN=right', '     └─ [4] CN=b'],
  );
});

test('formatChains() shows a signer that is not at hand', () => {
  const [missing, first] = draw([certificate('CN=a')], { ...leaf(0), missingIssuer: 'CN=root' });
  assert.equal(missing, '  (CN=root: not at hand)');
  assert.match(first!, /^ {2}└─ \[0\] CN=a/);
});

const validities: [Partial<CertificateSummary>, string][] = [
  [{ isSelfSigned: true }, 'root CA, 100d left'],
  [{ isCA: false }, 'end entity, 100d left'],
  [{ isCA: false, isSelfSigned: true }, 'self-signed, 100d left'],
  [{ validity: 'expired', notAfter: new Date('2025-12-31T23:00:00Z') }, 'intermediate CA, expired 60m ago'],
  [
    { validity: 'not-yet-valid', notBefore: new Date('2026-01-03T00:00:00Z') },
    'intermediate CA, not valid for another 2d',
  ],
];

for (const [more, text] of validities) {
  test(`formatChains() says "${text}"`, () => {
    assert.equal(draw([certificate('CN=a', more)], leaf(0))[0], `  [0] CN=a  ${text}`);
  });
}
