import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { expiryTerms, readExpiryTerm } from './expiry-terms.ts';

const end = '2027-01-01T00:00:00Z';
const begin = '2026-01-01T00:00:00Z';

test('readExpiryTerm() reads back what expiryTerms() wrote', () => {
  const life = fc.record({
    notAfter: fc.constant(end),
    notBefore: fc.option(fc.constant(begin), { nil: undefined }),
    isCA: fc.boolean(),
    managed: fc.boolean(),
  });
  fc.assert(
    fc.property(life, (given) => {
      const { notBefore, ...rest } = given;
      const expected = notBefore === undefined ? rest : { ...rest, notBefore };
      assert.deepEqual(readExpiryTerm(expiryTerms([given])[0]!), expected);
    }),
  );
});

test('expiryTerms() sort as the ends do, whatever else they say', () => {
  const later = expiryTerms([{ notAfter: '2027-01-01T00:00:01Z' }])[0]!;
  const sooner = expiryTerms([{ notAfter: end, notBefore: '2027-12-31T00:00:00Z', isCA: true, managed: true }])[0]!;
  assert(sooner < later);
});

test('expiryTerms() of alike certificates are one, and of a certificate without a readable end none', () => {
  assert.equal(expiryTerms([{ notAfter: end }, { notAfter: end }]).length, 1);
  assert.deepEqual(expiryTerms([{ notAfter: 'tomorrow' }, { notAfter: '' }]), []);
});
