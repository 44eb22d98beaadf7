import assert from 'node:assert/strict';
import { it } from 'node:test';
import { eventBytes, RecentEvents } from './kv-recent.ts';

const event = (rev: number) => ({ key: rev % 2 ? '/odd' : '/even', rev, value: new Uint8Array(100) });
const revisions = (recent: RecentEvents, after: number, limit = 100) =>
  recent.after('/', after, limit)?.events.map(({ rev }) => rev);

it('events are held while they fit, and asked for by revision', () => {
  const recent = new RecentEvents(3 * eventBytes(event(2)));
  recent.add([event(1), event(2)]);
  assert.deepEqual(revisions(recent, 0), [1, 2]);
  for (let rev = 3; rev <= 50; rev++) {
    recent.add([event(rev)]);
    assert.deepEqual(revisions(recent, rev - 3), [rev - 2, rev - 1, rev]);
    assert.equal(revisions(recent, rev - 4), undefined, 'one more than is held is for the log');
  }
});

it('a batch is cut at the limit, and reports how far it came also past events of other prefixes', () => {
  const recent = new RecentEvents(1e6);
  recent.add(Array.from({ length: 10 }, (_, index) => event(index + 1)));
  assert.deepEqual(revisions(recent, 2, 3), [3, 4, 5]);
  assert.equal(recent.after('/even', 2, 3)?.rev, 5);
  assert.deepEqual(
    recent.after('/even', 2, 3)?.events.map(({ rev }) => rev),
    [4],
  );
});

it('an event larger than the limit is not held', () => {
  const recent = new RecentEvents(100);
  recent.add([event(1)]);
  assert.equal(revisions(recent, 0), undefined);
  recent.clear();
  assert.equal(revisions(recent, 0), undefined);
});

it('events hold their own bytes, and not the large buffers that those were cut from', () => {
  const recent = new RecentEvents(1e6);
  const value = new Uint8Array(new ArrayBuffer(65_536), 100, 3).fill(7);
  recent.add([{ key: '/a', rev: 2, value, previous: { key: '/a', rev: 1, value } }]);
  const [held] = recent.after('/', 1, 10)!.events;
  for (const bytes of [held!.value!, held!.previous!.value]) {
    assert.deepEqual([...bytes], [7, 7, 7]);
    assert.equal(bytes.buffer.byteLength, 3);
  }
});
