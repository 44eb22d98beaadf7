import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { CodedError } from '#errors';
import type { ApiClient, WatchEvent } from '#edge/api';
import { FakeClock } from '#control/runtime';
import type { KubeObject } from '#model/objects';
import { gatewayKind } from '#model/resources';
import { follow, type Connection } from '#edge/following';
import { ObjectMirror } from './object-mirror.ts';

function object(name: string, revision: number, generation = revision): KubeObject {
  const metadata = {
    name,
    namespace: 'a',
    uid: name,
    resourceVersion: String(revision),
    generation,
    creationTimestamp: '2026-01-01T00:00:00Z',
  };
  return { apiVersion: 'chancery.dev/v1', kind: 'Gateway', metadata };
}

const event = (type: WatchEvent['type'], of: KubeObject): WatchEvent => ({ type, object: of });

/** A server that plays its part once: lists in turn, and what each watch brings before it ends or fails. */
class Script {
  readonly asked: string[] = [];
  readonly done = new AbortController();
  readonly #lists: KubeObject[][];
  readonly #watches: (() => AsyncGenerator<WatchEvent>)[];
  #revision = 10;

  constructor(lists: KubeObject[][], watches: (() => AsyncGenerator<WatchEvent>)[]) {
    this.#lists = lists;
    this.#watches = watches;
  }

  get connection(): Connection {
    const client: Partial<ApiClient> = {
      list: async () => {
        this.asked.push('list');
        const items = this.#lists.shift();
        if (items === undefined) throw new CodedError('unreachable', 'no server');
        return { items: items as never[], metadata: { resourceVersion: String(this.#revision++) } };
      },
      watch: <T extends KubeObject>(_: unknown, request?: { resourceVersion?: string }) => {
        this.asked.push(`watch ${request?.resourceVersion}`);
        const next = this.#watches.shift();
        if (next === undefined) this.done.abort();
        return (next ?? silence)() as AsyncGenerator<WatchEvent<T>>;
      },
    };
    return { client } as unknown as Connection;
  }
}

async function* silence(): AsyncGenerator<never> {
  // Ends at once.
}

async function* failing(error: Error | undefined): AsyncGenerator<WatchEvent> {
  if (error !== undefined) throw error;
  yield* silence();
}

async function play(script: Script): Promise<{ changes: string[]; lost: number; mirror: ObjectMirror<KubeObject> }> {
  const changes: string[] = [];
  let lost = 0;
  const clock = new FakeClock();
  const mirror = new ObjectMirror<KubeObject>(
    (key, before, after) => void changes.push(`${before === undefined ? '+' : after === undefined ? '-' : '~'}${key}`),
    (isConnected) => void (lost += isConnected ? 0 : 1),
  );
  const following = follow({ resource: gatewayKind }, mirror, {
    connection: script.connection,
    clock,
    random: () => 0,
    signal: script.done.signal,
  });
  while (!script.done.signal.aborted) {
    await new Promise((resolve) => setImmediate(resolve));
    clock.advance(60_000);
  }
  await following;
  return { changes, lost, mirror };
}

describe('follow()', () => {
  test('resumes a watch that ended where it was, without a second list', async () => {
    const script = new Script(
      [[object('x', 1)]],
      [
        async function* () {
          yield event('MODIFIED', object('x', 12));
          yield event('BOOKMARK', object('', 20));
        },
        async function* () {
          yield event('DELETED', object('x', 25));
        },
      ],
    );
    const { changes } = await play(script);
    assert.deepEqual(changes, ['+a/x', '~a/x', '-a/x']);
    assert.deepEqual(script.asked, ['list', 'watch 10', 'watch 20', 'watch 25']);
  });

  test('lists again after 410, and tells what disappeared and changed in the gap', async () => {
    const script = new Script(
      [
        [object('gone', 1), object('kept', 2), object('changed', 3)],
        [object('kept', 2), object('changed', 30), object('new', 31)],
      ],
      [() => failing(new CodedError('gone', 'too old'))],
    );
    const { changes } = await play(script);
    assert.deepEqual(changes.slice(3), ['~a/changed', '+a/new', '-a/gone']);
    assert.deepEqual(script.asked, ['list', 'watch 10', 'list', 'watch 11']);
  });

  test('keeps what it has while the server is gone, and says that it is', async () => {
    const script = new Script([[object('x', 1)]], [() => failing(new CodedError('unreachable', 'broken'))]);
    const { changes, lost, mirror } = await play(script);
    assert.deepEqual(changes, ['+a/x']);
    assert.equal(lost, 1);
    assert.ok(mirror.get('a', 'x'));
    assert.deepEqual(script.asked, ['list', 'watch 10', 'watch 10']);
  });
});

describe('ObjectMirror', () => {
  test('a change of status, or of managed fields, is none', () => {
    const changes: string[] = [];
    const mirror = new ObjectMirror<KubeObject>((key) => void changes.push(key));
    mirror.changed(event('ADDED', object('x', 1, 1)));
    mirror.changed(event('MODIFIED', { ...object('x', 2, 1), status: { much: 'said' } } as KubeObject));
    assert.equal(changes.length, 1);
    mirror.changed(event('MODIFIED', object('x', 3, 2)));
    assert.equal(changes.length, 2);
    const labelled = object('x', 4, 2);
    mirror.changed(event('MODIFIED', { ...labelled, metadata: { ...labelled.metadata, labels: { a: 'b' } } }));
    assert.equal(changes.length, 3, 'a label is a wish');
    assert.equal('status' in mirror.get('a', 'x')!, false);
  });
});
