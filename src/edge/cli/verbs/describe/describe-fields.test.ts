import assert from 'node:assert/strict';
import { test } from 'node:test';
import { alignTabs } from '../../text/tabs.ts';
import { describeFields, fieldTitle } from './describe-fields.ts';

const titles: [string, string][] = [
  ['secretName', 'Secret Name'],
  ['apiVersion', 'API Version'],
  ['uid', 'UID'],
  ['isCA', 'Is CA'],
  ['tls.crt', 'tls.crt'],
  ['pkcs12', 'pkcs12'],
];

for (const [key, title] of titles) {
  test(`fieldTitle() shows ${key} as ${title}`, () => assert.equal(fieldTitle(key), title));
}

test('describeFields() shows nested values as the concepts page does, in order', () => {
  const spec = { secretName: 's', issuerRef: { kind: 'Issuer', name: 'selfsigning-issuer' }, dnsNames: ['b', 'a'] };
  assert.equal(
    alignTabs(describeFields({ spec })),
    [
      'Spec:',
      '  Dns Names:',
      '    b',
      '    a',
      '  Issuer Ref:',
      '    Kind:       Issuer',
      '    Name:       selfsigning-issuer',
      '  Secret Name:  s',
      '',
    ].join('\n'),
  );
});

test('describeFields() leaves out what the head shows, and managed fields', () => {
  assert.deepEqual(describeFields({ metadata: { name: 'a', uid: 'u', managedFields: [{ manager: 'x' }] } }), [
    'Metadata:',
    '  UID:\tu',
  ]);
});
