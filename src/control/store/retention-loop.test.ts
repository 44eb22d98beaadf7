import assert from 'node:assert/strict';
import { it } from 'node:test';
import { isCoded } from '#errors';
import { MemoryKv } from './memory-kv.ts';
import { RetentionLoop } from './retention-loop.ts';

const policy = { keepRevisions: 2, keepMilliseconds: 100 };

async function write(kv: MemoryKv, times: number): Promise<void> {
  for (let index = 0; index < times; index += 1) {
    const { entry } = await kv.get('k');
    await kv.commit([{ key: 'k', expect: entry?.rev ?? 0, value: Buffer.from('x') }]);
  }
}

async function isKnown(kv: MemoryKv, at: number): Promise<boolean> {
  return kv.list('', { at }).then(
    () => true,
    (error: unknown) => !isCoded(error, 'gone'),
  );
}

it('RetentionLoop forgets what is older than the time kept, but for the newest revisions', async () => {
  const kv = new MemoryKv();
  let time = 0;
  const loop = new RetentionLoop(kv, { policy, everyMilliseconds: 1_000_000, clock: () => time });
  await write(kv, 10);
  await loop.turn();
  assert.equal(await isKnown(kv, 1), true, 'nothing is old yet');
  time = 150;
  await loop.turn();
  assert.deepEqual([await isKnown(kv, 7), await isKnown(kv, 8)], [false, true]);
  await loop.stop();
});

it('RetentionLoop goes on after a compaction that failed', async () => {
  const kv = new MemoryKv();
  let time = 0;
  const loop = new RetentionLoop(kv, { policy, everyMilliseconds: 1_000_000, clock: () => time });
  await write(kv, 10);
  await loop.turn();
  time = 150;
  const compact = kv.compact.bind(kv);
  kv.compact = () => Promise.reject(new Error('database is locked'));
  await loop.turn();
  kv.compact = compact;
  time = 300;
  await loop.turn();
  assert.equal(await isKnown(kv, 7), false);
  await loop.stop();
});
