import assert from 'node:assert/strict';
import { setImmediate as turn } from 'node:timers/promises';
import { test } from 'node:test';
import { builtinKinds, configMapKind, createRegistry, namespaceKind } from '#model/resources';
import { openMemoryStore } from '#control/store';
import { Checkpoint } from './checkpoint.ts';
import type { Positions } from './checkpoint.ts';
import { Echoes } from './echoes.ts';
import { FakeClock } from './fake-clock.ts';

async function checkpointOver(positions: () => Positions) {
  const clock = new FakeClock();
  const store = openMemoryStore({ registry: createRegistry(builtinKinds) });
  const as = { manager: 't', user: { username: 'u' } };
  await store.create(
    { kind: namespaceKind, name: 'ns' },
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'ns' } },
    as,
  );
  const open = (): Checkpoint =>
    new Checkpoint({
      store,
      kind: configMapKind,
      namespace: 'ns',
      name: 'cp',
      clock,
      user: as.user,
      everyMilliseconds: 3000,
      positions,
    });
  return { clock, store, open };
}

const settled = async (): Promise<void> => {
  for (let count = 0; count < 10; count += 1) await turn();
};

test('a position that was saved is found by the next life', async () => {
  const { open } = await checkpointOver(() => ({ secrets: '12', 'certificates.cert-manager.io': '7' }));
  const first = open();
  assert.deepEqual(await first.load(), {});
  first.touch();
  await first.stop();
  assert.deepEqual(await open().load(), { secrets: '12', 'certificates.cert-manager.io': '7' });
});

test('positions are saved at most once in their interval, and only when they moved', async () => {
  let position = 1;
  const { open, clock, store } = await checkpointOver(() => ({ secrets: String(position) }));
  const checkpoint = open();
  const before = Number(await store.currentRevision());
  for (let count = 0; count < 10; count += 1) checkpoint.touch();
  clock.advance(3000);
  await settled();
  assert.equal(Number(await store.currentRevision()), before + 1);
  checkpoint.touch();
  clock.advance(3000);
  await settled();
  assert.equal(Number(await store.currentRevision()), before + 1);
  position = 2;
  checkpoint.touch();
  clock.advance(3000);
  await settled();
  assert.equal(Number(await store.currentRevision()), before + 2);
  await checkpoint.stop();
});

test('a position that makes no sense is no position', async () => {
  const { open } = await checkpointOver(() => ({ secrets: 'soon' }));
  const checkpoint = open();
  checkpoint.touch();
  await checkpoint.stop();
  assert.deepEqual(await open().load(), {});
});

test('Echoes tells each own write once, and forgets the oldest beyond its limit', () => {
  const echoes = new Echoes(2);
  echoes.expect(['1', '2', '3']);
  assert.equal(echoes.take('1'), false);
  assert.equal(echoes.take('3'), true);
  assert.equal(echoes.take('3'), false);
});
