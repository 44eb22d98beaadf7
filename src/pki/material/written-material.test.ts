import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { peer } from '../../../test/peers/peer.ts';
import {
  readKeystoreMaterial,
  readTruststoreMaterial,
  writeKeystoreMaterial,
  writeTruststoreMaterial,
} from './index.ts';
import type { KeystoreMaterial, MaterialFile, TruststoreMaterial, WriteOptions, WrittenFormat } from './index.ts';
import * as up from './test-uploads.ts';

const { leaf, lower, upper, root, other } = up;
const password = 'changeit';
const reading = { now: up.now, password };

function writing(format: WrittenFormat, more: Partial<WriteOptions> = {}): WriteOptions {
  return { format, password, random: up.random, now: up.now, ...more };
}

const one = readKeystoreMaterial([up.bytes(up.pem(...up.family) + up.keyPEM(leaf))], reading);
const several = readKeystoreMaterial(
  [up.jks(up.keyEntry('one', leaf, up.family), up.keyEntry('two', other, [other, lower, upper, root]))],
  { ...reading, password: up.password },
);
const trust = readTruststoreMaterial([up.bytes(up.pem(root, upper, leaf))], reading);

/** What comes back, in one order, since Java keeps none. */
function keystoreValue({ entries }: KeystoreMaterial): string[] {
  return entries
    .map(({ key, chain, root: top }) => {
      const own = Buffer.from(key.spki).toString('hex');
      return [own, ...chain.map(({ fingerprint }) => fingerprint), top?.fingerprint].join(' ');
    })
    .toSorted();
}

function trustedValue({ certificates }: TruststoreMaterial): string[] {
  return certificates.map(({ certificate }) => certificate.fingerprint).toSorted();
}

const formats: readonly WrittenFormat[] = ['PEM', 'DER', 'PKCS12', 'JKS', 'JCEKS'];

for (const format of formats) {
  test(`a keystore written as ${format} is read back as it was`, () => {
    const back = readKeystoreMaterial(writeKeystoreMaterial(one.entries, writing(format)), reading);
    assert.equal(back.format, format);
    assert.deepEqual(keystoreValue(back), keystoreValue(one));
    assert.deepEqual(back.findings, []);
  });

  test(`a truststore written as ${format} is read back as it was`, () => {
    const back = readTruststoreMaterial(writeTruststoreMaterial(trust.certificates, writing(format)), reading);
    assert.deepEqual(trustedValue(back), trustedValue(trust));
  });
}

for (const format of ['PEM', 'PKCS12', 'JKS', 'JCEKS'] as const) {
  test(`several keys written as ${format} are read back as they were`, () => {
    const back = readKeystoreMaterial(writeKeystoreMaterial(several.entries, writing(format)), reading);
    assert.deepEqual(keystoreValue(back), keystoreValue(several));
  });
}

test('several keys are not written as DER, and no container without a password', () => {
  assert.throws(() => writeKeystoreMaterial(several.entries, writing('DER')), { code: 'material-unfit' });
  for (const format of ['PKCS12', 'JKS', 'JCEKS'] as const) {
    const without = writing(format, { password: undefined });
    assert.throws(() => writeKeystoreMaterial(one.entries, without), { code: 'keystore-password-missing' });
    assert.throws(() => writeTruststoreMaterial(trust.certificates, without), { code: 'keystore-password-missing' });
  }
});

test('a key in PEM is encrypted when there is a password, and plain when there is none', () => {
  const text = (more: Partial<WriteOptions>): string =>
    Buffer.from(writeKeystoreMaterial(one.entries, writing('PEM', more))[0]!.bytes).toString();
  assert.match(text({}), /BEGIN ENCRYPTED PRIVATE KEY/);
  assert.match(text({ password: undefined }), /BEGIN PRIVATE KEY/);
});

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'material-'));
});
after(() => rm(folder, { recursive: true }));

const run = promisify(execFile);

async function saved({ name, bytes }: MaterialFile): Promise<string> {
  await writeFile(join(folder, name), bytes);
  return join(folder, name);
}

async function keytool(...args: readonly string[]): Promise<string> {
  const { stdout } = await run('keytool', ['-J-Duser.language=en', ...args], { timeout: 60_000 });
  return stdout;
}

describe('Java', peer('keytool'), () => {
  for (const format of ['PKCS12', 'JKS', 'JCEKS'] as const) {
    const type = ['-storetype', format, '-storepass', password];

    test(`keytool lists and opens a keystore written as ${format}`, async () => {
      const file = await saved(writeKeystoreMaterial(several.entries, writing(format))[0]!);
      const listed = await keytool('-list', '-v', '-keystore', file, ...type);
      assert.equal(listed.match(/Entry type: PrivateKeyEntry/g)?.length, 2);
      assert.equal(listed.match(/Certificate chain length: 4/g)?.length, 2);
      const target = join(folder, `copy-${format}.p12`);
      const copy = ['-destkeystore', target, '-deststoretype', 'PKCS12', '-deststorepass', 'another'];
      const from = ['-srckeystore', file, '-srcstoretype', format, '-srcstorepass', password];
      await keytool('-importkeystore', ...from, ...copy);
      const back = readKeystoreMaterial([await readFile(target)], { ...reading, password: 'another' });
      assert.deepEqual(keystoreValue(back), keystoreValue(several));
    });

    test(`keytool sees every certificate of a truststore written as ${format}`, async () => {
      const file = await saved(writeTruststoreMaterial(trust.certificates, writing(format))[0]!);
      const listed = await keytool('-list', '-keystore', file, ...type);
      assert.equal(listed.match(/trustedCertEntry/g)?.length, 3);
    });

    test(`readKeystoreMaterial() reads a ${format} that keytool made, and a truststore`, async () => {
      const file = join(folder, `made-${format}`);
      const name = ['-alias', 'gateway', '-dname', 'CN=gateway.example.com,O=Example', '-keypass', password];
      await keytool('-genkeypair', '-keyalg', 'RSA', '-keysize', '2048', ...name, '-keystore', file, ...type);
      const made = readKeystoreMaterial([await readFile(file)], { now: new Date(), password });
      assert.deepEqual(
        made.entries.map(({ alias, chain }) => `${alias} ${chain[0]!.subjectText}`),
        ['gateway CN=gateway.example.com,O=Example'],
      );
      const [pem] = writeTruststoreMaterial(trust.certificates.slice(0, 1), writing('PEM'));
      const trusted = join(folder, `trust-${format}`);
      const imported = ['-importcert', '-noprompt', '-alias', 'Root', '-file', await saved(pem!)];
      await keytool(...imported, '-keystore', trusted, ...type);
      const store = readTruststoreMaterial([await readFile(trusted)], reading);
      assert.deepEqual(
        store.certificates.map(({ alias }) => alias?.toLowerCase()),
        ['root'],
      );
    });
  }
});

describe('openssl', peer('openssl'), () => {
  test('openssl reads the PEM and the PKCS#12 that are written', async () => {
    const pem = await saved(writeKeystoreMaterial(one.entries, writing('PEM'))[0]!);
    const key = await run(
      'openssl',
      ['pkey', '-in', pem, '-passin', `pass:${password}`, '-pubout', '-outform', 'DER'],
      {
        encoding: 'buffer',
      },
    );
    assert.deepEqual(Uint8Array.from(key.stdout), Uint8Array.from(leaf.key.spki));
    const p12 = await saved(writeKeystoreMaterial(one.entries, writing('PKCS12'))[0]!);
    const { stdout } = await run('openssl', ['pkcs12', '-in', p12, '-nokeys', '-passin', `pass:${password}`]);
    assert.equal(stdout.match(/BEGIN CERTIFICATE/g)?.length, 4);
  });

  test('readTruststoreMaterial() reads PKCS#7 of openssl, and readKeystoreMaterial() its PKCS#12', async () => {
    const chain = await saved({ name: 'chain.pem', bytes: up.bytes(up.pem(...up.family)) });
    const bundle = join(folder, 'bundle.p7b');
    for (const form of ['PEM', 'DER']) {
      await run('openssl', ['crl2pkcs7', '-nocrl', '-certfile', chain, '-outform', form, '-out', bundle]);
      const { certificates } = readTruststoreMaterial([await readFile(bundle)], reading);
      assert.equal(certificates.length, 4);
    }
    const key = await saved({ name: 'key.pem', bytes: up.bytes(up.keyPEM(leaf)) });
    const file = join(folder, 'openssl.p12');
    await run('openssl', [
      'pkcs12',
      '-export',
      '-in',
      chain,
      '-inkey',
      key,
      '-passout',
      `pass:${password}`,
      '-out',
      file,
    ]);
    assert.deepEqual(keystoreValue(readKeystoreMaterial([await readFile(file)], reading)), keystoreValue(one));
  });
});
