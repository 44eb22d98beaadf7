import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fieldErrorText } from '#model/objects';
import type { FieldError } from '#model/objects';
import { clientProfile, ofSystem, serverProfile } from '../test-tls-objects.ts';
import { validateClientProfile, validateServerProfile, warnOfProfile } from './tls-profile.ts';

const cases: readonly { why: string; errors: FieldError[]; wanted: readonly RegExp[] }[] = [
  { why: 'a client profile without settings', errors: validateClientProfile(clientProfile()), wanted: [] },
  { why: 'a server profile with a keystore', errors: validateServerProfile(serverProfile()), wanted: [] },
  {
    why: "suites by API Connect's and IANA's names",
    errors: validateClientProfile(
      clientProfile({ ciphers: ['ECDHE_RSA_WITH_AES_256_GCM_SHA384', 'TLS_AES_128_GCM_SHA256'] }),
    ),
    wanted: [],
  },
  {
    why: 'a suite that nobody knows, with the mend',
    errors: validateClientProfile(clientProfile({ ciphers: ['TLS_AES_128_GCM_SHA256', 'AES'] })),
    wanted: [/^spec\.ciphers\[1\]: Invalid value: "AES": .*; write a name such as/],
  },
  {
    why: 'the servers that it is for',
    errors: validateClientProfile(clientProfile({ servers: ['localhost:8000', 'foo.com', '[::1]:443', '*'] })),
    wanted: [],
  },
  {
    why: 'servers that are none, each with the reason',
    errors: validateClientProfile(clientProfile({ servers: ['foo.com:0', 'a b', 'http://foo.com'] })),
    wanted: [/^spec\.servers\[0\]: .*not a port/, /^spec\.servers\[1\]: .*spaces/, /^spec\.servers\[2\]: .*https/],
  },
  {
    why: 'no version',
    errors: validateClientProfile(clientProfile({ protocols: [] })),
    wanted: [/^spec\.protocols: Invalid value: \[\]: no version of TLS is listed; list at least one/],
  },
  {
    why: 'clients asked for certificates that nothing can check',
    errors: validateServerProfile(serverProfile({ mutualAuthentication: 'request' })),
    wanted: [/^spec\.truststoreRef: Required value: must be set when mutualAuthentication is request/],
  },
  {
    why: 'clients asked for certificates',
    errors: validateServerProfile(serverProfile({ mutualAuthentication: 'require', truststoreRef: { name: 'a' } })),
    wanted: [],
  },
  {
    why: 'stores of others',
    errors: validateServerProfile(
      serverProfile({ keystoreRef: { name: 'a', namespace: 'b' }, truststoreRef: { name: 'a', namespace: 'b' } }),
    ),
    wanted: [/^spec\.keystoreRef\.namespace: Forbidden/, /^spec\.truststoreRef\.namespace: Forbidden/],
  },
  {
    why: 'stores of others, named by the installation',
    errors: validateServerProfile(ofSystem(serverProfile({ keystoreRef: { name: 'a', namespace: 'b' } }))),
    wanted: [],
  },
];

for (const { why, errors, wanted } of cases) {
  test(`a profile with ${why}`, () => {
    const found = errors.map(fieldErrorText);
    assert.equal(found.length, wanted.length, found.join('\n'));
    wanted.forEach((pattern, index) => assert.match(found[index]!, pattern));
  });
}

test('warnOfProfile() tells of what is weak, by field', () => {
  const weak = clientProfile({ protocols: ['tls_v1.1', 'tls_v1.2'], insecureServerConnections: true });
  const warnings = warnOfProfile('client', weak).join('\n');
  assert.match(warnings, /^spec\.protocols\[0\]: .*RFC 8996/m);
  assert.match(warnings, /^spec\.insecureServerConnections: every server is accepted/m);
  assert.deepEqual(warnOfProfile('client', clientProfile()), []);
});
