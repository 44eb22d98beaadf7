import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { peer } from '../../../test/peers/peer.ts';
import {
  jksTruststore,
  pkcs12Keystore,
  pkcs12Truststore,
  readEncryptedKey,
  readKeystore,
  writeJKS,
  writePKCS12,
} from './index.ts';
import type { KeyEntry, Keystore } from './index.ts';
import { comparable, everything, formerRoot, keyKinds, material, predictable, root } from './test-material.ts';
import type { KeyKind } from './test-material.ts';

const run = promisify(execFile);
const password = 'changeit';
const options = { password, random: predictable(), now: new Date('2026-01-02T03:04:05Z') };

let folder: string;
const inFolder = (name: string): string => join(folder, name);
const pem = (name: string): string => fileURLToPath(new URL(`./fixtures/${name}.pem`, import.meta.url));

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keystore-'));
});
after(() => rm(folder, { recursive: true }));

async function saved(name: string, bytes: Uint8Array): Promise<string> {
  await writeFile(inFolder(name), bytes);
  return inFolder(name);
}

async function keytool(...args: readonly string[]): Promise<string> {
  try {
    return (await run('keytool', ['-J-Duser.language=en', ...args])).stdout;
  } catch (error) {
    // keytool complains on its standard output.
    throw new Error((error as { stdout: string }).stdout, { cause: error });
  }
}

async function openssl(...args: readonly string[]): Promise<string> {
  const { stdout } = await run('openssl', args);
  return stdout;
}

/** keytool's options to copy a keystore of this file's password. */
function copying(source: string, target: string, type: string, targetPassword: string): string[] {
  const from = ['-srckeystore', source, '-srcstorepass', password];
  return [...from, '-destkeystore', target, '-deststoretype', type, '-deststorepass', targetPassword];
}

const javaReads = [
  { name: 'JKS', bytes: () => writeJKS(everything, options) },
  { name: 'LegacyRC2', bytes: () => writePKCS12(everything, { ...options, profile: 'LegacyRC2' }) },
  { name: 'LegacyDES', bytes: () => writePKCS12(everything, { ...options, profile: 'LegacyDES' }) },
  { name: 'Modern2023', bytes: () => writePKCS12(everything, { ...options, profile: 'Modern2023' }) },
];

describe('Java', peer('keytool'), () => {
  for (const { name, bytes } of javaReads) {
    test(`keytool lists every entry of ${name}, and refuses another password`, async () => {
      const file = await saved(`listed-${name}`, bytes());
      const listed = await keytool('-list', '-v', '-keystore', file, '-storepass', password);
      const aliases = [...listed.matchAll(/Alias name: (.*)\n[^]*?Entry type: (\w+)/g)].map(
        ([, a, type]) => `${type} ${a}`,
      );
      const keys = keyKinds.map((kind) => `PrivateKeyEntry ${kind}`);
      assert.deepEqual(aliases.sort(), [...keys, 'trustedCertEntry ca', 'trustedCertEntry ca-1'].sort());
      assert.equal(listed.match(/Certificate chain length: 3/g)?.length, 3);
      await assert.rejects(keytool('-list', '-keystore', file, '-storepass', 'changeIt'), /password was incorrect/);
    });

    test(`keytool opens the keys of ${name}, and what it makes of them is read back`, async () => {
      const file = await saved(`opened-${name}`, bytes());
      const target = inFolder(`copied-${name}.p12`);
      await keytool('-importkeystore', ...copying(file, target, 'PKCS12', 'another'));
      assertSameEntries(readKeystore(await readFile(target), { password: 'another' }), everything);
    });
  }

  for (const type of ['JKS', 'JCEKS']) {
    test(`readKeystore() reads a ${type} that keytool made, whose keys keep their former password`, async () => {
      const source = await saved(`source-${type}.p12`, writePKCS12(everything, { ...options, profile: 'Modern2023' }));
      const target = inFolder(`made.${type}`);
      await keytool('-importkeystore', ...copying(source, target, type, 'another'));
      const bytes = await readFile(target);
      assertSameEntries(readKeystore(bytes, { password: 'another', keyPassword: password }), everything);
      const refused = { code: 'keystore-password-wrong' } as const;
      assert.throws(() => readKeystore(bytes, { password: 'other' }), { ...refused, field: undefined });
      assert.throws(() => readKeystore(bytes, { password: 'another' }), { ...refused, field: 'key "ed25519"' });
    });
  }

  test('readKeystore() reads the PKCS#12 that Java 8 wrote, with RC2', async () => {
    const source = await saved('source-legacy.p12', writePKCS12(everything, { ...options, profile: 'Modern2023' }));
    const target = inFolder('legacy.p12');
    const legacy = '-J-Dkeystore.pkcs12.legacy=true';
    await keytool(legacy, '-importkeystore', ...copying(source, target, 'PKCS12', password));
    assertSameEntries(readKeystore(await readFile(target), { password }), everything);
  });

  test('Java sees both generations of a CA in a truststore of either format', async () => {
    const stores = {
      jks: writeJKS(jksTruststore([root, formerRoot])!, options),
      p12: writePKCS12(pkcs12Truststore([root, formerRoot])!, { ...options, profile: 'LegacyRC2' }),
    };
    for (const [name, bytes] of Object.entries(stores)) {
      const file = await saved(`trust.${name}`, bytes);
      assert.match(await keytool('-list', '-keystore', file, '-storepass', password), /contains 2 entries/);
    }
  });
});

function assertSameEntries(actual: Keystore, expected: Keystore): void {
  assert.deepEqual(unordered(actual), unordered(expected));
}

function unordered(keystore: Keystore): string[] {
  return comparable(keystore)
    .map((entry) => JSON.stringify(entry))
    .sort();
}

const opensslReads = [
  { name: 'LegacyRC2', legacy: ['-legacy'] },
  { name: 'LegacyDES', legacy: [] },
  { name: 'Modern2023', legacy: [] },
] as const;

const opensslWrites: { name: string; args: readonly string[]; password: string }[] = [
  { name: 'its defaults', args: [], password },
  { name: '-legacy', args: ['-legacy'], password },
  { name: 'triple DES throughout', args: ['-keypbe', 'PBE-SHA1-3DES', '-certpbe', 'PBE-SHA1-3DES'], password },
  { name: 'RC2-128', args: ['-legacy', '-certpbe', 'PBE-SHA1-RC2-128', '-macalg', 'sha512'], password },
  { name: 'two-key triple DES', args: ['-legacy', '-certpbe', 'PBE-SHA1-2DES', '-macalg', 'sha384'], password },
  { name: 'AES-128 and one iteration', args: ['-certpbe', 'AES-128-CBC', '-noiter', '-nomaciter'], password },
  { name: 'an empty password', args: [], password: '' },
  { name: 'an empty password and -legacy', args: ['-legacy'], password: '' },
  { name: 'no MAC', args: ['-nomac'], password },
  { name: 'a password outside ASCII', args: ['-legacy'], password: 'Prüfgröße €' },
];

describe('openssl', peer('openssl'), () => {
  for (const { name, legacy } of opensslReads) {
    test(`openssl opens ${name} for every kind of key, and refuses another password`, async () => {
      for (const kind of keyKinds) {
        const bytes = writePKCS12(pkcs12Keystore(material(kind)), { ...options, profile: name });
        const file = await saved(`openssl-${name}-${kind}.p12`, bytes);
        const opened = await openssl('pkcs12', '-in', file, ...legacy, '-nodes', '-passin', `pass:${password}`);
        assert.equal(opened.match(/BEGIN CERTIFICATE/g)?.length, 3);
        assert(opened.includes(await pemBody(kind)));
        const wrong = openssl('pkcs12', '-in', file, ...legacy, '-nodes', '-passin', 'pass:other');
        await assert.rejects(wrong, /invalid password/);
      }
    });
  }

  for (const { name, args, password } of opensslWrites) {
    test(`readKeystore() reads what openssl writes with ${name}`, async () => {
      for (const kind of keyKinds) {
        const file = inFolder('from-openssl.p12');
        const from = ['-inkey', pem(`${kind}.key`), '-in', pem(`${kind}.chain`), '-name', kind];
        await openssl('pkcs12', '-export', ...from, ...args, '-passout', `pass:${password}`, '-out', file);
        const bytes = await readFile(file);
        assert.deepEqual(comparable(readKeystore(bytes, { password })), comparable(single(kind)));
        assert.throws(() => readKeystore(bytes, { password: 'other' }), { code: 'keystore-password-wrong' });
      }
    });
  }

  test('readEncryptedKey() opens what openssl pkcs8 writes, in its present and its former way', async () => {
    for (const args of [[], ['-v1', 'PBE-SHA1-3DES'], ['-v2', 'aes-128-cbc', '-v2prf', 'hmacWithSHA512']]) {
      const file = inFolder('key.p8');
      const from = ['-topk8', '-in', pem('rsa.key'), '-outform', 'DER', '-out', file];
      await openssl('pkcs8', ...from, ...args, '-passout', `pass:${password}`);
      const bytes = await readFile(file);
      assert.deepEqual(readEncryptedKey(bytes, password), material('rsa').key);
      assert.throws(() => readEncryptedKey(bytes, 'other'), { code: 'keystore-password-wrong' });
    }
  });

  test('readKeystore() says of a truststore by openssl that Java does not see its entries', async () => {
    const file = inFolder('nokeys.p12');
    await openssl('pkcs12', '-export', '-nokeys', '-in', pem('root'), '-passout', `pass:${password}`, '-out', file);
    const { entries } = readKeystore(await readFile(file), { password });
    assert.deepEqual(entries, [{ type: 'trusted', alias: '', certificate: root, seenByJava: false }]);
  });
});

async function pemBody(kind: KeyKind): Promise<string> {
  const lines = (await readFile(pem(`${kind}.key`), 'utf8')).trim().split('\n');
  return lines.slice(1, -1).join('\n');
}

function single(kind: KeyKind): Keystore {
  const { key, chain } = material(kind);
  const entry: KeyEntry = { type: 'key', alias: kind, key, chain };
  return { entries: [entry] };
}
