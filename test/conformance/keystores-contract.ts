import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { createSecureContext } from 'node:tls';
import { secretKind } from '#model/resources';
import { peer } from '../peers/peer.ts';
import { keytool } from './keytool.ts';
import { openssl } from './openssl.ts';
import { namespace, splitPEM, type IssuedCertificate, type Subject } from './subject.ts';

const password = 'keystore-password';
const passwordSecretRef = { name: 'keystore-password', key: 'password' };

/** Java 17 and OpenSSL below 3.4 do not know PBMAC1, of which Modern2026 is made. */
const profiles = [
  { profile: 'LegacyRC2', java: true, openssl: ['-legacy'] },
  { profile: 'LegacyDES', java: true, openssl: ['-legacy'] },
  { profile: 'Modern2023', java: true, openssl: [] },
  { profile: 'Modern2026', java: false, openssl: ['-nomacver'] },
] as const;

/** Keystores in Secrets, opened by the programs that they are for. */
export function keystores(subject: Subject): void {
  const issue = async (name: string, wanted: object): Promise<IssuedCertificate> => {
    await subject.client.create(secretKind, passwordSecret()).catch(() => subject.secret(passwordSecretRef.name));
    const privateKey = { algorithm: 'ECDSA', size: 256 } as const;
    const spec = { issuerRef: { name: 'second' }, commonName: name, dnsNames: [`${name}.example.com`], privateKey };
    return subject.issue(name, { ...spec, keystores: wanted });
  };
  const file = ({ secret }: IssuedCertificate, key: string): string => {
    const path = join(subject.folder, `${secret.metadata.name}.${key}`);
    writeFileSync(path, Buffer.from(secret.data![key]!, 'base64'));
    return path;
  };
  test('keytool opens the JKS keystore and truststore', peer('keytool'), async () => {
    const literal = 'a-literal-password';
    const issued = await issue('jks', { jks: { create: true, alias: 'my-key', password: literal } });
    const [keystore, truststore] = await Promise.all([
      list(file(issued, 'keystore.jks'), literal),
      list(file(issued, 'truststore.jks'), literal),
    ]);
    assert.match(keystore, /^my-key, .*PrivateKeyEntry/m);
    assert.match(keystore, /^ca, .*trustedCertEntry/m);
    assert.match(truststore, /contains 1 entry[^]*^ca, .*trustedCertEntry/m);
  });

  for (const { profile, java, openssl: options } of profiles) {
    test(`openssl and Node open the PKCS#12 keystore of the profile ${profile}`, async () => {
      const issued = await issue(`p12-${profile.toLowerCase()}`, {
        pkcs12: { create: true, profile, passwordSecretRef },
      });
      const [keystore, truststore] = [file(issued, 'keystore.p12'), file(issued, 'truststore.p12')];
      const open = (path: string, ...more: string[]): Promise<string> =>
        openssl('pkcs12', '-in', path, '-passin', `pass:${password}`, '-nodes', ...options, ...more);
      const leaf = await open(keystore, '-clcerts', '-nokeys');
      assert.equal(squeeze(splitPEM(leaf)[0]!), squeeze(issued.chain[0]!));
      assert.equal(splitPEM(await open(keystore, '-cacerts', '-nokeys')).length, 3, 'two intermediates and the root');
      assert.match(await open(keystore, '-nocerts'), /BEGIN PRIVATE KEY/);
      assert.equal(splitPEM(await open(truststore, '-nokeys')).length, 1);
      if (!profile.startsWith('Legacy')) openByNode(issued, password);
    });

    // Java reads PBMAC1, which Modern2026 uses, from version 26 on.
    if (!java) continue;
    test(`keytool opens the PKCS#12 keystore and truststore of the profile ${profile}`, peer('keytool'), async () => {
      const issued = await subject.untilReady(`p12-${profile.toLowerCase()}`);
      const [keystore, truststore] = await Promise.all([
        list(file(issued, 'keystore.p12'), password),
        list(file(issued, 'truststore.p12'), password),
      ]);
      assert.match(keystore, /contains 1 entry[^]*PrivateKeyEntry/);
      assert.match(truststore, /contains 1 entry[^]*trustedCertEntry/);
    });
  }

  test('keystores come and go with the spec, without issuing again', async () => {
    const { certificate } = await subject.change('p12-modern2023', { keystores: null });
    await subject.secretWhen(
      'p12-modern2023',
      ({ data = {} }) => !('keystore.p12' in data || 'truststore.p12' in data),
    );
    const jks = { create: true, passwordSecretRef };
    await subject.change('p12-modern2023', { keystores: { jks } });
    await subject.secretWhen('p12-modern2023', ({ data = {} }) => 'keystore.jks' in data && 'truststore.jks' in data);
    assert.equal(certificate.status?.revision, 1);
  });
}

/** Node's own OpenSSL is new enough for every profile that it has the algorithms of. */
function openByNode({ secret }: IssuedCertificate, passphrase: string): void {
  createSecureContext({ pfx: Buffer.from(secret.data!['keystore.p12']!, 'base64'), passphrase });
}

function passwordSecret(): never {
  const data = { [passwordSecretRef.key]: Buffer.from(password).toString('base64') };
  return { apiVersion: 'v1', kind: 'Secret', metadata: { name: passwordSecretRef.name, namespace }, data } as never;
}

function list(path: string, storepass: string): Promise<string> {
  return keytool('-list', '-keystore', path, '-storepass', storepass);
}

function squeeze(pem: string): string {
  return pem.replaceAll(/\s/g, '');
}
