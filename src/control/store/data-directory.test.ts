import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { isCoded } from '#errors';
import { openDataDirectory } from './data-directory.ts';

const root = mkdtempSync(join(tmpdir(), 'chancery-directory-'));
after(() => rmSync(root, { recursive: true }));

it('a new data directory is for its owner only', () => {
  const directory = openDataDirectory(join(root, 'new', 'deep'));
  assert.equal(statSync(directory.path).mode & 0o777, 0o700);
  for (const name of ['lock.db', 'lock.pid']) assert.equal(statSync(join(directory.path, name)).mode & 0o077, 0);
  directory.release();
});

it('a second owner is refused until the first one lets go', () => {
  const path = join(root, 'shared');
  const first = openDataDirectory(path);
  assert.throws(() => openDataDirectory(path), { code: 'store-locked' });
  first.release();
  first.release();
  openDataDirectory(path).release();
});

it('another process is refused by name and process id, and takes over when the owner is killed', async () => {
  const path = join(root, 'processes');
  const module = fileURLToPath(new URL('./data-directory.ts', import.meta.url));
  const script = `
    const { openDataDirectory } = await import(process.argv[1]);
    openDataDirectory(process.argv[2]);
    globalThis.gc();
    console.log('locked');
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--expose-gc', '--input-type=module', '--eval', script, module, path], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    await once(child.stdout, 'data');
    assert.throws(
      () => openDataDirectory(path),
      (error) =>
        isCoded(error, 'store-locked') &&
        error.message.includes(`process ${child.pid}`) &&
        error.message.includes(path),
    );
  } finally {
    child.kill('SIGKILL');
  }
  await once(child, 'exit');
  openDataDirectory(path).release();
});

it('a place that is no directory is refused', () => {
  writeFileSync(join(root, 'file'), '');
  assert.throws(() => openDataDirectory(join(root, 'file')), { code: 'store-unavailable' });
  assert.throws(() => openDataDirectory(join(root, 'file', 'below')), { code: 'store-unavailable' });
});

it('a directory that may not be written is refused', () => {
  const path = join(root, 'read-only');
  mkdirSync(path);
  chmodSync(path, 0o500);
  asOrdinaryUser(() => assert.throws(() => openDataDirectory(path), { code: 'store-unavailable' }));
});

it('a directory that cannot be made is refused at once', { skip: existsSync('/proc') ? false : 'needs /proc' }, () => {
  assert.throws(() => openDataDirectory('/proc/chancery'), { code: 'store-unavailable' });
});

/** Root may write anywhere. */
function asOrdinaryUser(check: () => void): void {
  if (process.getuid?.() !== 0) return check();
  const nobody = 65_534;
  chmodSync(root, 0o755);
  process.seteuid!(nobody);
  try {
    check();
  } finally {
    process.seteuid!(0);
  }
}

it('a lock file that is no database is refused, not overwritten', () => {
  const path = join(root, 'strange');
  mkdirSync(path);
  writeFileSync(join(path, 'lock.db'), 'x'.repeat(5000));
  assert.throws(() => openDataDirectory(path), { code: 'store-damaged' });
  assert.equal(statSync(join(path, 'lock.db')).size, 5000);
});
