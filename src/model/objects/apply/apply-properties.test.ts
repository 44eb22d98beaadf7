import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { KubeObject } from '../object.ts';
import { applied, type Content } from './test-objects.ts';

const word = fc.constantFrom('a', 'b', 'c', '__proto__', 'constructor', 'toString');
const labels = fc.dictionary(word, word, { noNullPrototype: true });
const spec = fc.record(
  {
    secretName: word,
    issuerRef: fc.dictionary(word, word, { noNullPrototype: true }),
    dnsNames: fc.array(word),
    usages: fc.uniqueArray(word),
  },
  { requiredKeys: [], noNullPrototype: true },
);
const content: fc.Arbitrary<Content> = fc.record({ labels, spec }, { requiredKeys: [], noNullPrototype: true });

describe('server-side apply', () => {
  test('is idempotent, once anybody owns anything', () => {
    fc.assert(
      fc.property(content, content, (one, two) => {
        const live = applied(applied(undefined, one, { manager: 'one' }), two, {
          manager: 'two',
          force: true,
          minute: 1,
        });
        fc.pre(live.metadata.managedFields !== undefined);
        assert.deepEqual(applied(live, two, { manager: 'two', force: true, minute: 2 }), live);
      }),
    );
  });

  test('has in the object all that a forced configuration states', () => {
    fc.assert(
      fc.property(content, content, (one, two) => {
        const live = applied(applied(undefined, one, { manager: 'one' }), two, { manager: 'two', force: true });
        const {
          secretName,
          dnsNames,
          usages = [],
        } = (two.spec ?? {}) as { secretName?: string; dnsNames?: string[]; usages?: string[] };
        const stored = (live as KubeObject & { spec?: Record<string, unknown> }).spec ?? {};
        if (secretName !== undefined) assert.equal(stored['secretName'], secretName);
        if (dnsNames !== undefined) assert.deepEqual(stored['dnsNames'], dnsNames);
        for (const usage of usages) assert.ok((stored['usages'] as string[]).includes(usage));
        for (const [key, value] of Object.entries(two.labels ?? {})) assert.equal(live.metadata.labels?.[key], value);
      }),
    );
  });

  test('removes everything again when the only manager applies nothing', () => {
    fc.assert(
      fc.property(content, (one) => {
        const emptied = applied(applied(undefined, one, { manager: 'm' }), {}, { manager: 'm' });
        assert.deepEqual(emptied.metadata.managedFields, undefined);
        assert.deepEqual(Object.values((emptied as KubeObject & { spec?: object }).spec ?? {}).filter(isFilled), []);
        assert.deepEqual(emptied.metadata.labels ?? {}, {});
      }),
    );
  });

  test('changes none of its inputs', () => {
    fc.assert(
      fc.property(content, content, (one, two) => {
        const live = applied(undefined, one, { manager: 'one' });
        const before = structuredClone(live);
        applied(live, two, { manager: 'two', force: true });
        applied(live, two, { manager: 'one' });
        assert.deepEqual(live, before);
      }),
    );
  });
});

function isFilled(value: unknown): boolean {
  return typeof value !== 'object' || Object.keys(value as object).length > 0;
}
