import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { secretKind, tlsClientProfileKind, type TLSClientProfile } from '#model/resources';
import { readKeystoreMaterial, readTruststoreMaterial } from '#pki/material';
import { findPeer, peer } from '../peers/peer.ts';
import { testPKI } from '../server/test-pki.ts';
import { startCliFixture, type CliFixture } from './cli-fixture.ts';

let cli: CliFixture;
before(async () => {
  cli = await startCliFixture();
});
after(() => cli.stop());

const pki = testPKI();
const { ca, server } = pki;
const password = 'changeit-1';

test('keystores add keeps a certificate and its key, and export writes it in every format', async () => {
  cli.file('tls.crt', server.cert + ca);
  cli.file('tls.key', server.key);
  cli.file('password', `${password}\n`);
  const added = await cli.run(['keystores', 'add', 'server', 'tls.crt', '--key', 'tls.key', '--title', 'The server']);
  assert.equal(added.code, 0, added.err);
  assert.match(added.out, /^keystore "server" added\n +ALIAS +SUBJECT +EXPIRES +CHAIN\n.*CN=localhost.*complete/);
  for (const format of ['pem', 'p12', 'jks', 'jceks']) {
    const args = ['keystores', 'export', 'server', '--format', format, '--password-file', 'password'];
    const { code, err } = await cli.run([...args, '-o', `out.${format}`]);
    assert.equal(code, 0, err);
    const path = join(cli.folder, `out.${format}`);
    assert.equal(statSync(path).mode & 0o777, 0o600);
    const [entry] = readKeystoreMaterial([readFileSync(path)], { password, now: new Date() }).entries;
    assert.equal(entry!.certificate.toPEM(), server.cert);
  }
});

test('keystores export writes over no file', async () => {
  cli.file('there', 'precious');
  const { code, err } = await cli.run(['keystores', 'export', 'server', '--format', 'pem', '-o', 'there']);
  assert.equal(code, 1);
  assert.match(err, /there already/);
  assert.equal(readFileSync(join(cli.folder, 'there'), 'utf8'), 'precious');
});

test('keystores add refuses the key of another certificate and leaves no Secret behind', async () => {
  cli.file('other.key', pki.client('x', []).key);
  const { code, err } = await cli.run(['keystores', 'add', 'wrong', 'tls.crt', '--key', 'other.key']);
  assert.equal(code, 1);
  assert.match(err, /other\.key/);
  await assert.rejects(cli.client.get(secretKind, 'wrong', 'default'));
});

test('keystores add takes its Secret back when the Keystore is refused', async () => {
  const args = ['keystores', 'add', 'server', 'tls.crt', '--key', 'tls.key'];
  assert.equal((await cli.run(args)).code, 1);
  await cli.client.get(secretKind, 'server', 'default');
  const bad = await cli.run(['keystores', 'add', 'Bad_Name', 'tls.crt', '--key', 'tls.key']);
  assert.equal(bad.code, 1);
});

test('truststores add and export keep the certificates of a file', async () => {
  cli.file('ca.pem', ca);
  const added = await cli.run(['truststores', 'add', 'trusted', 'ca.pem']);
  assert.deepEqual([added.code, added.out], [0, 'truststore "trusted" added with 1 certificate\n']);
  const { code, err } = await cli.run(['truststores', 'export', 'trusted', '--format', 'jks', '-o', 'trusted.jks'], {
    env: { CHANCERY_PASSWORD: password },
  });
  assert.equal(code, 0, err);
  const read = readTruststoreMaterial([readFileSync(join(cli.folder, 'trusted.jks'))], { password, now: new Date() });
  assert.equal(read.certificates[0]!.certificate.toPEM(), ca);
});

test('truststores add refuses a file with a private key', async () => {
  const { code, err } = await cli.run(['truststores', 'add', 'x', cli.file('pair.pem', server.cert + server.key)]);
  assert.equal(code, 1);
  assert.match(err, /private key/);
  assert.equal(err.includes(server.key.slice(40, 60)), false);
});

const deployment = `
[transport.passthru_https.sender.ssl_profile]
interval = 600000

[keystore.tls]
file_name = "wso2carbon.jks"
type = "JKS"
password = "${password}"
key_password = "${password}"

[truststore]
file_name = "client-truststore.jks"
type = "JKS"
password = "${password}"

[[keystore.ssl_profile.custom]]
servers = "localhost:8000"
keystore.location = "wso2carbon.jks"
keystore.type = "JKS"
keystore.password = "${password}"
keystore.key_password = "${password}"
truststore.location = "client-truststore.jks"
truststore.type = "JKS"
truststore.password = "${password}"

[[keystore.ssl_profile.custom]]
servers = "foo.com"
truststore.location = "client-truststore.jks"
truststore.type = "JKS"
truststore.password = "${password}"
`;

test('import wso2 takes over stores made by keytool and the profiles of hosts', peer('keytool'), async () => {
  const keytool = (...args: string[]): void =>
    void execFileSync(findPeer('keytool')!, [...args, '-storepass', password, '-storetype', 'JKS'], {
      cwd: cli.folder,
      stdio: 'ignore',
    });
  keytool(
    '-genkeypair',
    '-alias',
    'wso2carbon',
    '-dname',
    'CN=wso2',
    '-keyalg',
    'RSA',
    '-keypass',
    password,
    '-keystore',
    'wso2carbon.jks',
  );
  cli.file('ca.pem', ca);
  keytool('-importcert', '-noprompt', '-alias', 'ca', '-file', 'ca.pem', '-keystore', 'client-truststore.jks');
  cli.file('deployment.toml', deployment);
  const dry = await cli.run(['import', 'wso2', 'deployment.toml', '--dry-run']);
  assert.equal(dry.code, 0, dry.err);
  const { code, out, err } = await cli.run(['import', 'wso2', 'deployment.toml']);
  assert.equal(code, 0, err);
  assert.deepEqual(out.split('\n').slice(0, -1), [
    'secret/wso2-wso2carbon created',
    'keystore.chancery.dev/wso2-wso2carbon created',
    'truststore.chancery.dev/wso2-client-truststore created',
    'tlsclientprofile.chancery.dev/wso2-default created',
    'tlsclientprofile.chancery.dev/wso2-localhost-8000 created',
    'tlsclientprofile.chancery.dev/wso2-foo.com created',
  ]);
  assert.match(err, /"foo\.com" names no port: here the profile applies to every port of foo\.com/);
  assert.match(err, /600000 ms/);
  const profile = await cli.client.get<TLSClientProfile>(tlsClientProfileKind, 'wso2-localhost-8000', 'default');
  assert.deepEqual(profile.spec.servers, ['localhost:8000']);
  assert.match((await cli.run(['import', 'wso2', 'deployment.toml'])).out, /^(.* configured\n){6}$/);
});

test('import wso2 names the key of a wrong password and imports nothing', peer('keytool'), async () => {
  const wrong = deployment.replaceAll(`password = "${password}"`, 'password = "not-this-one"');
  const { code, err } = await cli.run(['import', 'wso2', cli.file('wrong.toml', wrong), '--prefix', 'never']);
  assert.equal(code, 1);
  assert.match(err, /client-truststore\.jks/);
  assert.equal(err.includes('not-this-one'), false);
  await assert.rejects(cli.client.get(secretKind, 'never-wso2carbon', 'default'));
});

test('import wso2 says where it looked for a file', async () => {
  const text = '[truststore]\nfile_name = "nowhere.jks"\npassword = "x"\n';
  const { code, err } = await cli.run(['import', 'wso2', cli.file('lost.toml', text)]);
  assert.equal(code, 1);
  assert.match(err, /"nowhere\.jks" was not found in/);
  assert.match(err, /--security-dir/);
});
