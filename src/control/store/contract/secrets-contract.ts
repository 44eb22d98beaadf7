import assert from 'node:assert/strict';
import { it } from 'node:test';
import { secretKind } from '#model/resources';
import { objectKey } from '../keys.ts';
import type { OpenStore } from './harness.ts';
import { by, named, secret, withStore } from './harness.ts';

const secrets = { kind: secretKind, namespace: 'apic' };
const plain = Buffer.from('correct horse battery staple').toString('base64');

/** Encryption at rest. */
export function describeSecrets(open: OpenStore): void {
  it('secrets come back as they went in, and their bytes on disk do not show them', () =>
    withStore(open, async ({ store, kv }) => {
      await store.create(secrets, secret('a', { password: plain }), by);
      const { entry } = await kv.get(objectKey(secretKind, 'apic', 'a'));
      const bytes = Buffer.from(entry!.value);
      for (const text of [plain, 'correct horse', 'password']) assert.ok(!bytes.includes(text), `${text} is readable`);
      const listed = await store.list(secrets);
      assert.deepEqual(listed.items[0]?.data, { password: plain });
      assert.deepEqual((await store.get(named(secrets, 'a')))?.data, { password: plain });
    }));
}
