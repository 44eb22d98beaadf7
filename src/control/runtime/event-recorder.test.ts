import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { KubeObject } from '#model/objects';
import { builtinKinds, createRegistry, eventKind } from '#model/resources';
import type { Event } from '#model/resources';
import { openMemoryStore } from '#control/store';
import type { ResourceStore } from '#control/store';
import { EventRecorder } from './event-recorder.ts';
import type { EventRecorderOptions } from './event-recorder.ts';
import { FakeClock } from './fake-clock.ts';

const about: KubeObject = {
  apiVersion: 'cert-manager.io/v1',
  kind: 'Certificate',
  metadata: { name: 'web', namespace: 'default', uid: 'u', resourceVersion: '9', creationTimestamp: '' },
};
const user = { username: 'loops' };

async function recorder(limits: NonNullable<EventRecorderOptions['limits']> = {}, failing = false) {
  const clock = new FakeClock();
  const store = openMemoryStore({ registry: createRegistry(builtinKinds), now: () => clock.now() });
  const namespaces = createRegistry(builtinKinds).byKind('v1', 'Namespace')!;
  await store.create(
    { kind: namespaces, name: 'default' },
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'default' } },
    { manager: 't', user },
  );
  const broken = { create: () => Promise.reject(new Error('full')) } as unknown as ResourceStore;
  const dropped: string[] = [];
  const events = new EventRecorder({
    store: failing ? broken : store,
    kind: eventKind,
    clock,
    user,
    component: 'chancery',
    clusterNamespace: 'default',
    onDropped: ({ message }) => dropped.push(message),
    limits,
  });
  const all = async (): Promise<Event[]> => (await store.list({ kind: eventKind })).items;
  return { events, clock, all, dropped };
}

const normal = (message: string) => ({ about, type: 'Normal' as const, reason: 'Issuing', message });

test('an event tells about what, why and when, in the namespace of its object', async () => {
  const { events, all } = await recorder();
  events.record(normal('hello'));
  await events.flush();
  const [event] = await all();
  assert.equal(event?.metadata.namespace, 'default');
  assert.equal(event?.involvedObject.uid, 'u');
  assert.deepEqual([event?.reason, event?.message, event?.type, event?.count], ['Issuing', 'hello', 'Normal', 1]);
  assert.equal(event?.source?.component, 'chancery');
});

test('the same again counts up one event, before and after it was written', async () => {
  const { events, clock, all } = await recorder();
  events.record(normal('hello'));
  events.record(normal('hello'));
  await events.flush();
  clock.advance(60_000);
  events.record(normal('hello'));
  await events.flush();
  const stored = await all();
  assert.equal(stored.length, 1);
  assert.equal(stored[0]?.count, 3);
  assert.equal(stored[0]?.firstTimestamp, '2026-01-01T00:00:00Z');
  assert.equal(stored[0]?.lastTimestamp, '2026-01-01T00:01:00Z');
});

test('events are written in the background, soon', async () => {
  const { events, clock, all } = await recorder();
  events.record(normal('hello'));
  assert.deepEqual(await all(), []);
  clock.advance(1000);
  await events.flush();
  assert.equal((await all()).length, 1);
});

test('a flood of normal events is thinned out; warnings have a share of their own', async () => {
  const { events, all, dropped } = await recorder({ burst: 3, perSecond: 1 });
  for (let index = 0; index < 10; index += 1) events.record(normal(`n${index}`));
  events.record({ ...normal('careful'), type: 'Warning' });
  await events.flush();
  assert.deepEqual((await all()).map(({ message }) => message ?? '').sort(), ['careful', 'n0', 'n1', 'n2']);
  assert.equal(dropped.length, 7);
});

test('a store that refuses events harms nobody', async () => {
  const { events, dropped } = await recorder({}, true);
  events.record(normal('lost'));
  await events.stop();
  assert.deepEqual(dropped, ['lost']);
});
