import assert from 'node:assert/strict';
import { setImmediate as turn } from 'node:timers/promises';
import { test } from 'node:test';
import { certificateKind } from '#model/resources';
import type { ResourceStore } from '#control/store';
import { FakeClock } from './fake-clock.ts';
import { Scheduler } from './scheduler.ts';

const hour = 3600_000;
const iso = (at: Date): string => `${at.toISOString().slice(0, 19)}Z`;

function indexed(entries: readonly { value: string; name: string }[], asked: number[] = []) {
  const scan: ResourceStore['scan'] = async (_kind, _index, { from, to, limit }) => {
    asked.push(limit);
    const found = entries
      .filter(({ value }) => value >= from && value < to)
      .sort((a, b) => (a.value < b.value ? -1 : 1));
    return found.slice(0, limit).map(({ value, name }) => ({ value, name, namespace: 'ns' }));
  };
  return { scan } as unknown as ResourceStore;
}

function schedulerOf(store: ResourceStore, clock: FakeClock, due: Map<string, Date>): Scheduler {
  return new Scheduler({
    store,
    kind: certificateKind,
    index: 'renewalTime',
    clock,
    windowMilliseconds: hour,
    leadMilliseconds: 60_000,
    onDue: (namespace, name, at) => void due.set(`${namespace}/${name}`, at),
  });
}

test('only what is due in the next window is read, with its lead', async () => {
  const clock = new FakeClock();
  const at = (hours: number): string => iso(new Date(clock.now().getTime() + hours * hour));
  const due = new Map<string, Date>();
  const scheduler = schedulerOf(
    indexed([
      { value: at(-1), name: 'past' },
      { value: at(0.5), name: 'soon' },
      { value: at(30), name: 'far' },
    ]),
    clock,
    due,
  );
  await scheduler.start();
  assert.deepEqual([...due.keys()], ['ns/past', 'ns/soon']);
  assert.equal(due.get('ns/soon')?.getTime(), clock.now().getTime() + hour / 2 - 60_000);
  assert.equal(clock.pending().length, 1);
  scheduler.stop();
});

test('the next window is read half a window ahead', async () => {
  const clock = new FakeClock();
  const due = new Map<string, Date>();
  const scheduler = schedulerOf(
    indexed([{ value: iso(new Date(clock.now().getTime() + 1.4 * hour)), name: 'a' }]),
    clock,
    due,
  );
  await scheduler.start();
  assert.equal(due.size, 0);
  clock.advance(hour / 2);
  await turn();
  assert.deepEqual([...due.keys()], ['ns/a']);
  scheduler.stop();
});

test('more objects of one second than a page holds are all found', async () => {
  const clock = new FakeClock();
  const value = iso(clock.now());
  const entries = Array.from({ length: 1700 }, (_, index) => ({ value, name: `c${index}` }));
  const due = new Map<string, Date>();
  const scheduler = schedulerOf(
    indexed([...entries, { value: iso(new Date(clock.now().getTime() + 1000)), name: 'next' }]),
    clock,
    due,
  );
  await scheduler.start();
  assert.equal(due.size, 1701);
  scheduler.stop();
});

test('an index that cannot be read is read again', async () => {
  const clock = new FakeClock();
  let failures = 0;
  const scan = async (): Promise<never> => Promise.reject(new Error('busy'));
  const scheduler = new Scheduler({
    store: { scan } as unknown as ResourceStore,
    kind: certificateKind,
    index: 'renewalTime',
    clock,
    windowMilliseconds: hour,
    onDue: () => undefined,
    onFailure: () => (failures += 1),
  });
  await scheduler.start();
  clock.advance(hour / 2);
  await turn();
  assert.equal(failures, 2);
  scheduler.stop();
});
