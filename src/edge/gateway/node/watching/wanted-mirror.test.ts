import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { CodedError } from '#errors';
import type { WatchEvent } from '#edge/api';
import { FakeClock } from '#control/runtime';
import { secretKind, type Secret } from '#model/resources';
import type { Connection } from '#edge/following';
import { WantedMirror } from './wanted-mirror.ts';

function secret(name: string, resourceVersion: string): Secret {
  const metadata = { name, namespace: 'a', uid: name, resourceVersion, creationTimestamp: '2026-01-01T00:00:00Z' };
  return { apiVersion: 'v1', kind: 'Secret', metadata, data: {} };
}

const changed = (name: string, resourceVersion: string, type: WatchEvent['type'] = 'MODIFIED'): WatchEvent => ({
  type,
  object: secret(name, resourceVersion),
});

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function setUp(get: (name: string) => Promise<Secret>) {
  const asked: string[] = [];
  const known: string[] = [];
  const clock = new FakeClock();
  const client = {
    get: (_: unknown, name: string) => {
      asked.push(name);
      return get(name);
    },
  };
  const mirror = new WantedMirror<Secret>({
    connection: { client } as unknown as Connection,
    resource: secretKind,
    clock,
    random: () => 0,
    signal: new AbortController().signal,
    onChange: (key) => void known.push(key),
  });
  return { mirror, asked, known, clock };
}

describe('WantedMirror', () => {
  test('asks for what is looked at, once, and says when it is known', async () => {
    const { mirror, asked, known } = setUp(async (name) => secret(name, '5'));
    assert.equal(mirror.look('a', 'x'), undefined);
    assert.equal(mirror.look('a', 'x'), undefined);
    await turn();
    assert.deepEqual(known, ['a/x']);
    assert.equal(mirror.look('a', 'x')?.object?.metadata.resourceVersion, '5');
    assert.deepEqual(asked, ['x']);
  });

  test('never asks for what nobody looked at', async () => {
    const { mirror, asked } = setUp(async (name) => secret(name, '5'));
    mirror.changed(changed('other', '6', 'ADDED'));
    await turn();
    assert.deepEqual(asked, []);
    assert.equal(mirror.size, 0);
  });

  test('knows that an object is missing, and learns when it appears and disappears', async () => {
    let there = false;
    const { mirror, known } = setUp(async (name) => {
      if (there) return secret(name, '7');
      throw new CodedError('not-found', 'no such Secret');
    });
    mirror.look('a', 'x');
    await turn();
    assert.deepEqual(mirror.look('a', 'x')?.object, undefined);
    there = true;
    mirror.changed(changed('x', '7', 'ADDED'));
    await turn();
    assert.equal(mirror.look('a', 'x')?.object?.metadata.resourceVersion, '7');
    mirror.changed(changed('x', '8', 'DELETED'));
    assert.equal(mirror.look('a', 'x')?.object, undefined);
    assert.equal(known.length, 3);
  });

  test('fetches again what changed while it was fetched, and does not take the old one', async () => {
    const answers: ((object: Secret) => void)[] = [];
    const { mirror, known } = setUp(() => new Promise((resolve) => answers.push(resolve)));
    mirror.look('a', 'x');
    mirror.changed(changed('x', '6'));
    answers.shift()!(secret('x', '5'));
    await turn();
    assert.deepEqual(known, []);
    answers.shift()!(secret('x', '6'));
    await turn();
    assert.equal(mirror.look('a', 'x')?.object?.metadata.resourceVersion, '6');
  });

  test('an event that brings what is known already fetches nothing', async () => {
    const { mirror, asked } = setUp(async (name) => secret(name, '5'));
    mirror.look('a', 'x');
    await turn();
    mirror.changed(changed('x', '5'));
    await turn();
    assert.equal(asked.length, 1);
  });

  test('keeps what it has while it cannot fetch, and tries again', async () => {
    let fails = false;
    const { mirror, clock } = setUp(async (name) => {
      if (fails) throw new CodedError('unreachable', 'no server');
      return secret(name, fails ? '5' : '6');
    });
    mirror.look('a', 'x');
    await turn();
    fails = true;
    mirror.changed(changed('x', '7'));
    await turn();
    assert.ok(mirror.look('a', 'x')?.object);
    fails = false;
    clock.advance(60_000);
    await turn();
    assert.equal(mirror.look('a', 'x')?.object?.metadata.resourceVersion, '6');
  });

  test('holds nothing of what was dropped', async () => {
    const { mirror } = setUp(async (name) => secret(name, '5'));
    mirror.look('a', 'x');
    mirror.drop('a/x');
    await turn();
    assert.equal(mirror.size, 0);
    assert.equal(mirror.look('a', 'x'), undefined);
  });
});
