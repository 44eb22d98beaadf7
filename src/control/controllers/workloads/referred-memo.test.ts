import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { KubeObject } from '#model/objects';
import { ReferredMemo } from './referred-memo.ts';

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const one = base64('-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n');
const two = base64('-----BEGIN CERTIFICATE-----\nAA==\n'.repeat(2));

function secret(data: Record<string, string>, issuedFor: string | null = 'web'): KubeObject {
  const annotations = issuedFor === null ? {} : { 'cert-manager.io/certificate-name': issuedFor };
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'web', namespace: 'team', uid: 'u', resourceVersion: '7', annotations },
    data,
  } as unknown as KubeObject;
}

const whole = { 'tls.crt': one, 'tls.key': base64('secret'), 'ca.crt': one };

/** Counts how often the store is asked. */
class Store {
  reads = 0;
  object: KubeObject | undefined;

  constructor(object: KubeObject | undefined) {
    this.object = object;
  }

  readonly read = async (): Promise<KubeObject | undefined> => {
    this.reads += 1;
    const { object } = this;
    await new Promise((resolve) => setImmediate(resolve));
    return object;
  };
}

for (const { why, object, isKept } of [
  { why: 'a Secret with one issued certificate', object: secret(whole), isKept: true },
  { why: 'a longer chain', object: secret({ ...whole, 'tls.crt': two }), isKept: false },
  { why: 'a Secret with a keystore beside', object: secret({ ...whole, 'keystore.p12': one }), isKept: false },
  { why: 'a Secret that somebody uploaded', object: secret(whole, null), isKept: false },
  { why: 'what is not there', object: undefined, isKept: false },
]) {
  test(`ReferredMemo reads ${why} ${isKept ? 'once' : 'each time'}`, async () => {
    const memo = new ReferredMemo(10);
    const store = new Store(object);
    await memo.read('Secret team/web', store.read);
    await memo.read('Secret team/web', store.read);
    assert.equal(store.reads, isKept ? 1 : 2);
  });
}

test('ReferredMemo keeps no key', async () => {
  const memo = new ReferredMemo(10);
  const store = new Store(secret(whole));
  await memo.read('Secret team/web', store.read);
  const known = (await memo.read('Secret team/web', store.read)) as unknown as { data: Record<string, string> };
  assert.equal(known.data['tls.crt'], one);
  assert.ok(!JSON.stringify(known).includes(base64('secret')));
});

test('ReferredMemo keeps nothing that has changed, before it was read or while it was', async () => {
  const memo = new ReferredMemo(10);
  const store = new Store(secret(whole));
  await memo.read('Secret team/web', store.read);
  memo.forget('Secret team/web');
  const late = memo.read('Secret team/web', store.read);
  memo.forget('Secret team/web');
  await late;
  await memo.read('Secret team/web', store.read);
  assert.equal(store.reads, 3);
});

test('ReferredMemo asks once for what several ask for at the same time', async () => {
  const memo = new ReferredMemo(10);
  const store = new Store(undefined);
  await Promise.all([memo.read('a', store.read), memo.read('a', store.read)]);
  assert.equal(store.reads, 1);
});

test('ReferredMemo forgets what it learnt first when it is full', async () => {
  const memo = new ReferredMemo(1);
  const store = new Store(secret(whole));
  for (const term of ['a', 'b', 'a']) await memo.read(term, store.read);
  assert.equal(store.reads, 3);
});
