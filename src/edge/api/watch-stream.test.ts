import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isCoded } from '#errors';
import { readWatch, splitLines } from './watch-stream.ts';

async function* pieces(bytes: Uint8Array, cuts: readonly number[]): AsyncGenerator<Uint8Array> {
  let from = 0;
  for (const cut of [...cuts.toSorted((a, b) => a - b), bytes.length]) {
    const to = Math.max(from, Math.min(cut, bytes.length));
    yield bytes.subarray(from, to);
    from = to;
  }
}

test('splitLines() finds the same lines wherever the bytes are cut, characters included', async () => {
  const line = fc.string({ unit: 'binary' }).filter((text) => !/[\n\r]/.test(text) && text.trim() !== '');
  await fc.assert(
    fc.asyncProperty(fc.array(line), fc.array(fc.nat(200)), async (lines, cuts) => {
      const wellFormed = lines.map((line) => line.toWellFormed());
      const found = await Array.fromAsync(splitLines(pieces(Buffer.from(wellFormed.join('\n\n')), cuts)));
      assert.deepEqual(found, wellFormed);
    }),
  );
});

test('readWatch() gives events and fails with what an ERROR event says', async () => {
  const body =
    '{"type":"ADDED","object":{"metadata":{"name":"a"}}}\n\n' +
    '{"type":"ERROR","object":{"kind":"Status","code":410,"reason":"Expired","message":"too old"}}\n';
  const events = readWatch(pieces(Buffer.from(body), [10, 60]));
  assert.equal((await events.next()).value?.object.metadata.name, 'a');
  await assert.rejects(events.next(), (error) => isCoded(error, 'gone') && error.message === 'too old');
});
