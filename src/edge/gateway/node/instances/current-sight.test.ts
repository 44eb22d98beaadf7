import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CodedError } from '#errors';
import type { Connection } from '#edge/following';
import { isCurrent } from './current-sight.ts';

/** An API that has these objects, by path, in these versions. */
function api(versions: Readonly<Record<string, string>>): Connection {
  const json = ({ path }: { readonly path: string }) => {
    const resourceVersion = versions[path];
    if (resourceVersion === undefined) return Promise.reject(new CodedError('not-found', path));
    return Promise.resolve({ metadata: { resourceVersion } });
  };
  return { client: { json } } as unknown as Connection;
}

const bundle = '/apis/chancery.dev/v1/namespaces/team/trustbundles/internal';
const terms = ['TrustBundle team/internal', 'Secret team/ca'];

for (const { why, seen, expected } of [
  { why: 'every object is seen as it is, or as missing', seen: { 'TrustBundle team/internal': '7' }, expected: true },
  { why: 'one is newer', seen: { 'TrustBundle team/internal': '6' }, expected: false },
  {
    why: 'one is not there any more',
    seen: { 'TrustBundle team/internal': '7', 'Secret team/ca': '3' },
    expected: false,
  },
  { why: 'one is there by now', seen: {}, expected: false },
]) {
  test(`isCurrent() answers ${expected} when ${why}`, async () => {
    const revisions = new Map<string, string>(Object.entries(seen));
    assert.equal(await isCurrent(api({ [bundle]: '7' }), terms, (term) => revisions.get(term)), expected);
  });
}

test('isCurrent() fails when the API does not answer', async () => {
  const json = (): Promise<never> => Promise.reject(new CodedError('unreachable', 'gone'));
  const connection = { client: { json } } as unknown as Connection;
  await assert.rejects(
    isCurrent(connection, terms, () => undefined),
    { code: 'unreachable' },
  );
});
