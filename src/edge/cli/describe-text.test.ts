import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeFields, fieldTitle } from './describe-text.ts';

const titles: [string, string][] = [
  ['secretName', 'Secret Name'],
  ['issuerRef', 'Issuer Ref'],
  ['notAfter', 'Not After'],
  ['isCA', 'Is CA'],
  ['tls.crt', 'tls.crt'],
];

for (const [key, title] of titles) {
  test(`fieldTitle() shows ${key} as ${title}`, () => assert.equal(fieldTitle(key), title));
}

test('describeFields() shows nested values as the concepts page does', () => {
  const spec = { issuerRef: { kind: 'Issuer', name: 'selfsigning-issuer' }, dnsNames: ['a', 'b'], secretName: 's' };
  assert.equal(
    describeFields({ spec }),
    [
      'Spec:',
      '  Issuer Ref:',
      '    Kind:  Issuer',
      '    Name:  selfsigning-issuer',
      '  Dns Names:',
      '    a',
      '    b',
      '  Secret Name:  s',
      '',
    ].join('\n'),
  );
});

test('describeFields() leaves managed fields out', () => {
  assert.equal(
    describeFields({ metadata: { name: 'a', managedFields: [{ manager: 'x' }] } }),
    'Metadata:\n  Name:  a\n',
  );
});
