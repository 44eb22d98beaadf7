import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isCoded } from '#errors';
import { viewers } from './authorize.ts';
import { reviewKinds } from './reviews.ts';

const user = { username: 'ann', groups: [viewers] };

function ask(plural: string, spec?: object): { status: Record<string, unknown> } {
  const review = reviewKinds.find((kind) => kind.plural === plural)!;
  return review.answer(spec === undefined ? {} : { spec }, user) as { status: Record<string, unknown> };
}

for (const { spec, allowed } of [
  { spec: { resourceAttributes: { verb: 'list', resource: 'configmaps' } }, allowed: true },
  { spec: { resourceAttributes: { verb: 'list', resource: 'secrets', group: '' } }, allowed: false },
  { spec: { resourceAttributes: { verb: 'delete', resource: 'issuers', group: 'cert-manager.io' } }, allowed: false },
  { spec: { nonResourceAttributes: { verb: 'get', path: '/metrics' } }, allowed: true },
  { spec: { nonResourceAttributes: { verb: 'get', path: '/debug' } }, allowed: false },
]) {
  test(`an access review answers ${allowed} to ${JSON.stringify(spec)}`, () => {
    assert.equal(ask('selfsubjectaccessreviews', spec).status['allowed'], allowed);
  });
}

for (const { spec, code } of [
  { spec: {}, code: 'invalid' },
  { spec: { resourceAttributes: [] }, code: 'bad-request' },
  { spec: { resourceAttributes: { verb: 1 } }, code: 'bad-request' },
] as const) {
  test(`an access review fails with ${code} on ${JSON.stringify(spec)}`, () => {
    assert.throws(
      () => ask('selfsubjectaccessreviews', spec),
      (error) => isCoded(error, code),
    );
  });
}

test('a rules review lists what the roles allow, and says what it cannot say', () => {
  const { status } = ask('selfsubjectrulesreviews', { namespace: 'default' });
  assert.match(JSON.stringify(status['resourceRules']), /except secrets/);
  assert.equal(status['incomplete'], true);
});

test('a rules review needs a namespace', () => {
  assert.throws(() => ask('selfsubjectrulesreviews', {}), /no namespace on request/);
});
