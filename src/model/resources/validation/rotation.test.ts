import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fieldErrorText } from '#model/objects';
import type { RotationStatus } from '../fields/rotation-status.ts';
import { rotationKind } from '../rotation.ts';
import type { RotationSpec } from '../rotation.ts';
import { context } from '../test-objects.ts';
import { rotation } from '../test-tls-objects.ts';
import { validateRotation, warnOfRotation } from './rotation.ts';

const ca = { name: 'ca' };
const vouched = { consumer: 'team/partner', by: 'alice', until: '2026-02-01T00:00:00Z' };

const compare = (found: readonly string[], wanted: readonly RegExp[]): void => {
  assert.equal(found.length, wanted.length, found.join('\n'));
  wanted.forEach((one, index) => assert.match(found[index]!, one));
};

const cases: readonly { why: string; spec: Partial<RotationSpec>; wanted: readonly RegExp[] }[] = [
  { why: 'of a Certificate', spec: { certificateRef: ca, key: 'same', subject: 'new', crossSign: true }, wanted: [] },
  { why: 'of an imported CA', spec: { secretRef: ca, nextSecretRef: { name: 'next' } }, wanted: [] },
  { why: 'in an emergency', spec: { certificateRef: ca, emergency: true, attestations: [vouched] }, wanted: [] },
  { why: 'of nothing', spec: {}, wanted: [/^spec: Required value: one of certificateRef, secretRef/] },
  { why: 'of two', spec: { certificateRef: ca, secretRef: ca }, wanted: [/^spec\.secretRef: Forbidden/] },
  {
    why: 'of a CA by itself',
    spec: { secretRef: ca, nextSecretRef: ca },
    wanted: [/^spec\.nextSecretRef\.name: .*it is the CA that shall be replaced/],
  },
  {
    why: 'of a Certificate by what was brought along',
    spec: { certificateRef: ca, nextSecretRef: ca },
    wanted: [/^spec\.nextSecretRef: Forbidden/],
  },
  {
    why: 'of a compromised key by the same',
    spec: { certificateRef: ca, emergency: true, key: 'same', crossSign: true },
    wanted: [/^spec\.key: .*compromised/, /^spec\.crossSign: Forbidden/],
  },
  {
    why: 'of a key by one that is brought along, and by itself',
    spec: { secretRef: ca, nextSecretRef: { name: 'next' }, key: 'same' },
    wanted: [/^spec\.key: Forbidden/],
  },
  {
    why: 'attested by nobody for nobody',
    spec: { certificateRef: ca, attestations: [{ ...vouched, consumer: ' ', by: '' }] },
    wanted: [/^spec\.attestations\[0\]\.consumer: Required/, /^spec\.attestations\[0\]\.by: Required/],
  },
];

for (const { why, spec, wanted } of cases) {
  test(`a Rotation ${why}`, () => {
    compare(validateRotation(rotation(spec), undefined, context).map(fieldErrorText), wanted);
  });
}

interface Change {
  readonly why: string;
  readonly status: RotationStatus;
  readonly before?: Partial<RotationSpec>;
  readonly after: Partial<RotationSpec>;
  readonly wanted: readonly RegExp[];
}

const issue: RotationStatus = { stage: 'Issue' };

const changes: readonly Change[] = [
  { why: 'anything before it begins', status: {}, after: { key: 'same', subject: 'new' }, wanted: [] },
  {
    why: 'how fast, and a pause',
    status: issue,
    after: { spreadSeconds: 60, maxUnproven: 2, paused: true },
    wanted: [],
  },
  {
    why: 'the key of one that runs',
    status: issue,
    after: { key: 'same' },
    wanted: [/^spec\.key: Forbidden: the rotation has/],
  },
  {
    why: 'the CA of one that runs',
    status: issue,
    after: { certificateRef: { name: 'other' } },
    wanted: [/^spec\.certificateRef: Forbidden/],
  },
  { why: 'the way back', status: issue, after: { rollback: true }, wanted: [] },
  { why: 'the haste', status: issue, after: { emergency: true }, wanted: [] },
  {
    why: 'the haste away',
    status: issue,
    before: { emergency: true },
    after: {},
    wanted: [/^spec\.emergency: Forbidden/],
  },
  ...(['Distrust', 'Flush'] as const).map((stage) => ({
    why: `the way back from ${stage}`,
    status: { stage },
    after: { rollback: true },
    wanted: [/^spec\.rollback: Forbidden: the old CA is distrusted/],
  })),
  {
    why: 'its mind on the way back',
    status: { stage: 'Rollback' },
    before: { rollback: true },
    after: {},
    wanted: [/^spec\.rollback: Forbidden: it is on its way back/],
  },
  {
    why: 'what is over',
    status: { stage: 'Stable', completedTime: '2026-01-02T00:00:00Z' },
    after: { rollback: true },
    wanted: [/^spec\.rollback: Forbidden: it is over/],
  },
];

for (const { why, status, before = {}, after, wanted } of changes) {
  test(`a Rotation changes ${why}`, () => {
    const previous = { ...rotation({ certificateRef: ca, ...before }), status };
    const next = { ...rotation({ certificateRef: ca, ...after }), status };
    compare(validateRotation(next, previous, context).map(fieldErrorText), wanted);
  });
}

test('warnOfRotation() tells what an emergency breaks, and which attestations count no more', () => {
  const attestations = [vouched, { ...vouched, until: '2026-01-01T00:00:00Z' }];
  compare(warnOfRotation(rotation({ certificateRef: ca, emergency: true, attestations }), context.now), [
    /^spec\.emergency: the old CA is distrusted first/,
    /^spec\.attestations\[1\]: that of team\/partner counted until/,
  ]);
});

test('a Rotation is found by its CA, and while it runs', () => {
  const one = rotation({ secretRef: ca, nextSecretRef: { name: 'next' } });
  const terms = (index: string, status: RotationStatus = {}) => rotationKind.indexes[index]!({ ...one, status });
  assert.deepEqual([terms('secret'), terms('certificate')], [['team/ca', 'team/next'], []]);
  assert.deepEqual(terms('running'), ['team/yearly']);
  assert.deepEqual(terms('running', { completedTime: '2026-01-02T00:00:00Z' }), []);
});
