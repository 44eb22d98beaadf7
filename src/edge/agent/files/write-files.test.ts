import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import type { FileContent } from './file-content.ts';
import { formerContents } from './former.ts';
import { differingFiles, restoreFiles, writeFiles } from './write-files.ts';

describe('writeFiles()', () => {
  let folder: string;
  beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'chancery-files-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  const file = (name: string, text: string, more: Partial<FileContent> = {}): FileContent => ({
    path: join(folder, name),
    bytes: Buffer.from(text),
    mode: 0o600,
    of: 'own',
    ...more,
  });
  const pair = (text: string): FileContent[] => [
    file('certs/site.crt', `certificate ${text}`, { mode: 0o644, pair: 'own' }),
    file('private/site.key', `key ${text}`, { pair: 'own' }),
  ];
  const text = (name: string): string => readFileSync(join(folder, name), 'utf8');
  const all = (name: string): string[] => readdirSync(join(folder, name)).sort();

  test('writes with the mode that is wanted, and leaves nothing beside', async () => {
    await writeFiles([file('a.pem', 'one'), file('b.pem', 'two', { mode: 0o644 })]);
    assert.equal(statSync(join(folder, 'a.pem')).mode & 0o777, 0o600);
    assert.equal(statSync(join(folder, 'b.pem')).mode & 0o777, 0o644);
    assert.deepEqual(all('.'), ['a.pem', 'b.pem']);
  });

  test('writes through a link that somebody made', async () => {
    writeFileSync(join(folder, 'real.pem'), 'old');
    symlinkSync('real.pem', join(folder, 'link.pem'));
    await writeFiles([file('link.pem', 'new')]);
    assert.equal(text('real.pem'), 'new');
  });

  test('a pair in two directories is replaced as one, and only the newest version stays', async () => {
    for (const version of ['1', '2', '3']) {
      await writeFiles(pair(version));
      assert.equal(text('certs/site.crt'), `certificate ${version}`);
      assert.equal(text('private/site.key'), `key ${version}`);
    }
    assert.equal(all('private').length, 3, all('private').join(' '));
    assert.equal(statSync(join(folder, 'private/site.key')).mode & 0o777, 0o600);
    assert.deepEqual(await differingFiles(pair('3')), []);
  });

  test('plain files of before become a pair without a moment in which they do not belong together', async () => {
    for (const { path, bytes } of pair('0')) {
      await writeFiles([{ path, bytes, mode: 0o600, of: 'own' }]);
    }
    const seen = new Set<string>();
    const over = new AbortController();
    const watching = (async () => {
      while (!over.signal.aborted) {
        seen.add(`${text('certs/site.crt').at(-1)} ${text('private/site.key').at(-1)}`);
        await turn();
      }
    })();
    for (let version = 1; version < 8; version += 1) await writeFiles(pair(String(version)));
    over.abort();
    await watching;
    // Two reads are two instants: the second may already see the next version, never an older one.
    for (const [certificate, key] of [...seen].map((one) => one.split(' ').map(Number))) {
      assert.ok(key === certificate || key === certificate! + 1, `${certificate} beside ${key}`);
    }
    assert.ok(seen.size > 1);
  });

  test('finds the files that differ by bytes or mode, of a pair both', async () => {
    const wanted = [file('a.pem', 'one'), ...pair('1')];
    assert.equal((await differingFiles(wanted)).length, 3);
    await writeFiles(wanted);
    assert.deepEqual(await differingFiles(wanted), []);
    const changed = [file('a.pem', 'one', { mode: 0o640 }), pair('2')[0]!, pair('1')[1]!];
    assert.equal((await differingFiles(changed)).length, 3);
  });

  test('restoreFiles() puts back bytes, modes and absence', async () => {
    await writeFiles([file('a.pem', 'old', { mode: 0o640 }), ...pair('old')]);
    const next = [file('a.pem', 'new'), file('b.pem', 'new'), ...pair('new')];
    const before = await formerContents(next);
    await writeFiles(next);
    await restoreFiles(before);
    assert.equal(text('a.pem'), 'old');
    assert.equal(statSync(join(folder, 'a.pem')).mode & 0o777, 0o640);
    assert.equal(text('private/site.key'), 'key old');
    assert.equal(text('certs/site.crt'), 'certificate old');
    assert.ok(!all('.').includes('b.pem'));
  });
});
