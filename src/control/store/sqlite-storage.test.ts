import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, it } from 'node:test';
import { openSqliteStorage } from './sqlite-storage.ts';

const root = mkdtempSync(join(tmpdir(), 'chancery-storage-'));
after(() => rmSync(root, { recursive: true }));

it('every file of the data directory is for its owner only, and no secret can be read in any of them', async () => {
  const path = join(root, 'files');
  const storage = await openSqliteStorage(path);
  const { kv, cipher } = storage;
  await kv.commit([{ key: '/secret', expect: 0, value: cipher.seal('/secret', Buffer.from('very-private')) }]);
  const files = readdirSync(path).map((name) => join(path, name));
  assert.ok(files.some((file) => file.endsWith('-wal')));
  for (const file of files) {
    assert.equal(statSync(file).mode & 0o077, 0, file);
    assert.equal(readFileSync(file).includes('very-private'), false, file);
  }
  await storage.close();
});

it('secrets open again after a restart and after a rotation', async () => {
  const path = join(root, 'again');
  const first = await openSqliteStorage(path);
  const value = first.cipher.seal('/secret', Buffer.from('private'));
  await first.kv.commit([{ key: '/secret', expect: 0, value }]);
  assert.equal((await first.rotateKeys()).rewrapped, 1);
  await first.close();
  const second = await openSqliteStorage(path);
  const { entry } = await second.kv.get('/secret');
  assert.equal(Buffer.from(second.cipher.open('/secret', entry!.value)).toString(), 'private');
  assert.notDeepEqual(entry!.value, value);
  await second.close();
});

it('a failed start leaves nothing locked and makes no new key', async () => {
  const path = join(root, 'failed');
  await (await openSqliteStorage(path)).close();
  const key = readFileSync(join(path, 'secrets.key'));
  rmSync(join(path, 'secrets.key'));
  for (let attempt = 0; attempt < 2; attempt++) {
    await assert.rejects(openSqliteStorage(path), { code: 'key-file-missing' });
  }
  assert.equal(statSync(join(path, 'secrets.key'), { throwIfNoEntry: false }), undefined);
  const encryptionKey = key.toString().split('\n')[1]!;
  await (await openSqliteStorage(path, { encryptionKey })).close();
});

it('a second opening of the same directory is refused', async () => {
  const path = join(root, 'twice');
  const storage = await openSqliteStorage(path);
  await assert.rejects(openSqliteStorage(path), { code: 'store-locked' });
  await storage.close();
});
