import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isCoded } from '#errors';
import { parseWSO2Deployment } from './wso2-deployment.ts';

const documented = `
[transport.passthru_https.sender.ssl_profile]
interval = 600000

[keystore.tls]
file_name = "wso2carbon.jks"
type = "JKS"
password = "wso2carbon"
key_password = "other"

[truststore]
file_name = "client-truststore.jks"
type = "JKS"
password = "$env{STORE_PASSWORD}"

[[keystore.ssl_profile.custom]]
servers = "localhost:8000, 10.0.0.1:8243"
keystore.location = "custom.jks"
keystore.type = "JKS"
keystore.password = "a"
keystore.key_password = "b"
truststore.location = "custom-truststore.jks"
truststore.type = "JKS"
truststore.password = "c"

[[keystore.ssl_profile.custom]]
servers = "foo.com"
truststore.location = "foo.p12"
truststore.type = "PKCS12"
truststore.password = "d"
`;

test('parseWSO2Deployment() reads the default stores, the profiles of hosts and the interval', () => {
  const deployment = parseWSO2Deployment(documented, { STORE_PASSWORD: 'from the environment' });
  assert.equal(deployment.intervalMilliseconds, 600_000);
  assert.deepEqual(deployment.keystore, {
    location: 'wso2carbon.jks',
    type: 'JKS',
    password: 'wso2carbon',
    keyPassword: 'other',
    place: 'keystore.tls',
  });
  assert.equal(deployment.truststore?.password, 'from the environment');
  assert.deepEqual(
    deployment.profiles.map(({ servers, keystore, truststore }) => [servers, keystore?.location, truststore?.location]),
    [
      [['localhost:8000', '10.0.0.1:8243'], 'custom.jks', 'custom-truststore.jks'],
      [['foo.com'], undefined, 'foo.p12'],
    ],
  );
});

test('parseWSO2Deployment() finds nothing in a file without a TLS part', () => {
  assert.deepEqual(parseWSO2Deployment('[server]\nhostname = "localhost"\n', {}), { profiles: [] });
});

for (const { why, text, field } of [
  { why: 'a syntax error is named by its place', text: '[truststore\n', field: 'line 1, column 12' },
  { why: 'a store without a file', text: '[truststore]\npassword = "x"\n', field: 'truststore.file_name' },
  {
    why: 'a password that is a number',
    text: '[truststore]\nfile_name = "a"\npassword = 1\n',
    field: 'truststore.password',
  },
  {
    why: 'a password in the secure vault',
    text: '[truststore]\nfile_name = "a"\npassword = "$secret{x}"\n',
    field: 'truststore.password',
  },
  {
    why: 'a variable that is not set',
    text: '[truststore]\nfile_name = "a"\npassword = "$env{NOT_SET}"\n',
    field: 'truststore.password',
  },
  {
    why: 'a profile for no server',
    text: '[[keystore.ssl_profile.custom]]\nservers = " , "\n',
    field: 'keystore.ssl_profile.custom[0].servers',
  },
  {
    why: 'one table where a list is meant',
    text: '[keystore.ssl_profile.custom]\nservers = "a"\n',
    field: 'keystore.ssl_profile.custom',
  },
  { why: 'a value where a table is meant', text: 'truststore = 1\n', field: 'truststore' },
]) {
  test(`parseWSO2Deployment() refuses: ${why}`, () => {
    assert.throws(
      () => parseWSO2Deployment(text, {}),
      (error) => isCoded(error, 'bad-request') && error.field === field,
    );
  });
}

test('parseWSO2Deployment() quotes no line of the file in its failures', () => {
  const text = '[truststore]\nfile_name = "a"\npassword = "hunter2\n';
  assert.throws(
    () => parseWSO2Deployment(text, {}),
    (error) =>
      isCoded(error, 'bad-request') &&
      !JSON.stringify([error.message, error.stack?.split('at ')[0]]).includes('hunter2'),
  );
});
