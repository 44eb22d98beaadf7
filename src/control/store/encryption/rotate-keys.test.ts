import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, it } from 'node:test';
import { isCoded } from '#errors';
import { SqliteKv } from '../sqlite-kv.ts';
import { keyIdOf, seal, unseal } from './envelope.ts';
import { newKey, parseKeys, readKeyFile, writeKeyFile } from './key-file.ts';
import { openKeyring } from './open-keyring.ts';
import { rotateKeys } from './rotate-keys.ts';
import type { Keyring } from './keyring.ts';

const root = mkdtempSync(join(tmpdir(), 'chancery-keys-'));
after(() => rmSync(root, { recursive: true }));

let made = 0;
function place() {
  const directory = mkdtempSync(join(root, `${made++}-`));
  return { database: join(directory, 'chancery.db'), file: join(directory, 'secrets.key') };
}

const put = (kv: SqliteKv, keyring: Keyring, key: string, expect: number) =>
  kv.commit([{ key, expect, value: seal(keyring, key, Buffer.from(`value of ${key}`)) }]);

it('the first start makes a key file for its owner only, and the next one opens with it', async () => {
  const { database, file } = place();
  const kv = SqliteKv.open(database);
  const first = openKeyring(kv, { file });
  assert.equal(statSync(file).mode & 0o777, 0o600);
  assert.equal(openKeyring(kv, { file }).primary.id, first.primary.id);
  await kv.close();
});

it('openKeyring() tells at once that the key file is missing, wrong, or open to others', async () => {
  const { database, file } = place();
  const kv = SqliteKv.open(database);
  openKeyring(kv, { file });
  const right = readFileSync(file);
  rmSync(file);
  assert.throws(() => openKeyring(kv, { file }), { code: 'key-file-missing' });
  assert.equal(statSync(file, { throwIfNoEntry: false }), undefined, 'no new key was made');
  writeKeyFile(file, [newKey()]);
  assert.throws(() => openKeyring(kv, { file }), { code: 'key-file-wrong' });
  writeFileSync(file, 'hello\n');
  assert.throws(
    () => openKeyring(kv, { file }),
    (error) => isCoded(error, 'key-file-wrong') && !error.message.includes('hello'),
  );
  writeFileSync(file, right);
  chmodSync(file, 0o640);
  assert.throws(
    () => openKeyring(kv, { file }),
    (error) => isCoded(error, 'key-file-wrong') && /chmod 600/.test(error.hint ?? ''),
  );
  chmodSync(file, 0o600);
  openKeyring(kv, { file });
  await kv.close();
});

it('a key from the environment wins over the file, and makes none', async () => {
  const { database, file } = place();
  const kv = SqliteKv.open(database);
  const environment = Buffer.from(newKey()).toString('base64');
  openKeyring(kv, { file, environment });
  assert.equal(statSync(file, { throwIfNoEntry: false }), undefined);
  assert.throws(() => openKeyring(kv, { file, environment: 'ff'.repeat(32) }), { code: 'key-file-wrong' });
  assert.throws(() => openKeyring(kv, { file }), { code: 'key-file-missing' });
  await kv.close();
});

it('no secret can be read in any file of the directory, and each file is for its owner only', async () => {
  const { database, file } = place();
  const kv = SqliteKv.open(database);
  const keyring = openKeyring(kv, { file });
  await kv.commit([{ key: '/s', expect: 0, value: seal(keyring, '/s', Buffer.from('very-private')) }]);
  const files = readdirSync(dirname(database)).map((name) => join(dirname(database), name));
  assert.ok(files.some((name) => name.endsWith('-wal')));
  for (const name of files) {
    assert.equal(statSync(name).mode & 0o077, 0, name);
    assert.equal(readFileSync(name).includes('very-private'), false, name);
  }
  await kv.close();
});

it('a key file that cannot be written or read is told as such', () => {
  assert.throws(() => writeKeyFile(join(root, 'missing', 'secrets.key'), [newKey()]), { code: 'store-unavailable' });
  const asDirectory = join(root, 'secrets.key');
  mkdirSync(asDirectory, { mode: 0o700 });
  assert.throws(() => readKeyFile(asDirectory), { code: 'store-unavailable' });
});

it('rotateKeys() wraps current and past values with a new key and drops the old one', async () => {
  const { database, file } = place();
  const kv = SqliteKv.open(database);
  const keyring = openKeyring(kv, { file });
  for (let i = 0; i < 700; i++) await put(kv, keyring, `/secret/${i}`, 0);
  for (let i = 0; i < 20; i++) await put(kv, keyring, `/secret/${i}`, i + 1);
  await kv.commit([{ key: '/plain', expect: 0, value: Buffer.from('{}') }]);
  const before = readKeyFile(file);

  const rotation = await rotateKeys(kv, keyring, { file });
  assert.equal(rotation.rewrapped, 720);
  const keys = readKeyFile(file);
  assert.equal(keys?.length, 1);
  assert.notDeepEqual(keys, before);
  await kv.close();

  const reopened = SqliteKv.open(database);
  const later = openKeyring(reopened, { file });
  assert.equal(later.primary.id, rotation.keyId);
  for (const at of [700, 720]) {
    const { entries } = await reopened.list('/secret/', { at });
    assert.equal(entries.length, 700);
    for (const { key, value } of entries) assert.equal(unseal(later, key, value).toString(), `value of ${key}`);
  }
  assert.equal(Buffer.from((await reopened.get('/plain')).entry!.value).toString(), '{}');
  await reopened.close();
});

it('rotateKeys() finishes a rotation that was cut off, with the key that one had made', async () => {
  const { database, file } = place();
  const kv = SqliteKv.open(database);
  const old = openKeyring(kv, { file });
  for (let i = 0; i < 1200; i++) void put(kv, old, `/secret/${i}`, 0);
  await put(kv, old, '/secret/last', 0);
  let calls = 0;
  const cutOff = {
    readNote: (name: string) => kv.readNote(name),
    writeNote: (name: string, value: Uint8Array) => kv.writeNote(name, value),
    scrub: () => kv.scrub(),
    rewriteValues: (...parameters: Parameters<SqliteKv['rewriteValues']>) => {
      if (calls++ === 1) throw new Error('cut off');
      return kv.rewriteValues(...parameters);
    },
  };
  await assert.rejects(rotateKeys(cutOff, old, { file }), /cut off/);
  const [primary] = readKeyFile(file)!;
  await kv.close();

  const reopened = SqliteKv.open(database);
  const keyring = openKeyring(reopened, { file });
  assert.equal(keyring.keys.length, 2);
  const rotation = await rotateKeys(reopened, keyring, { file });
  assert.deepEqual(readKeyFile(file), [primary]);
  assert.equal(rotation.rewrapped, 701);
  const { entries } = await reopened.list('/secret/');
  assert.deepEqual(new Set(entries.map(({ value }) => keyIdOf(value))), new Set([rotation.keyId]));
  await reopened.close();
});

it('rotateKeys() misses no value of a writer that works at the same time', async () => {
  const { database, file } = place();
  const kv = SqliteKv.open(database);
  const keyring = openKeyring(kv, { file });
  for (let i = 0; i < 600; i++) void put(kv, keyring, `/before/${i}`, 0);
  const rotation = rotateKeys(kv, keyring, { file });
  for (let i = 0; i < 50; i++) await put(kv, keyring, `/during/${i}`, 0);
  const { keyId } = await rotation;
  const { entries } = await kv.list('/');
  assert.equal(entries.length, 650);
  assert.deepEqual(new Set(entries.map(({ value }) => keyIdOf(value))), new Set([keyId]));
  await kv.close();
});

it('rotateKeys() wraps with the first key of the environment when the keys are from there', async () => {
  const { database, file } = place();
  const kv = SqliteKv.open(database);
  const [old, fresh] = [newKey(), newKey()].map((key) => Buffer.from(key).toString('hex')) as [string, string];
  await put(kv, openKeyring(kv, { file, environment: old }), '/secret', 0);
  const environment = `${fresh},${old}`;
  const { rewrapped } = await rotateKeys(kv, openKeyring(kv, { file, environment }), { file, environment });
  assert.equal(rewrapped, 1);
  const alone = openKeyring(kv, { file, environment: fresh });
  assert.equal(unseal(alone, '/secret', (await kv.get('/secret')).entry!.value).toString(), 'value of /secret');
  await kv.close();
});

it('parseKeys() reads base64 and hexadecimal, and refuses anything else by its place', () => {
  const key = Buffer.alloc(32, 0xfb);
  assert.deepEqual(parseKeys(`# note\n${key.toString('base64')}\n${key.toString('hex')}`, 'x'), [key, key]);
  assert.deepEqual(parseKeys(key.toString('base64url'), 'x'), [key]);
  for (const text of ['', '# only a note', 'abc', `${key.toString('hex')}0`, key.subarray(1).toString('base64')]) {
    assert.throws(() => parseKeys(text, 'the file'), { code: 'key-file-wrong' }, text);
  }
});
