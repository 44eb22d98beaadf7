import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MaterialReport, WantedMaterial } from '#model/resources';
import { gatewayReport } from './gateway-material.ts';
import type { GatewayMaterial, MaterialUse } from './gateway-material.ts';

const now = new Date('2026-03-01T10:00:00Z');
const later = new Date('2026-03-01T10:00:05Z');
const wanted: WantedMaterial = {
  name: 'own',
  kind: 'identity',
  digest: 'd2',
  generation: 2,
  at: '2026-03-01T09:00:00Z',
};

const proven = { verdict: 'proven' } as const;
const use = (more: Partial<MaterialUse> = {}): MaterialUse => ({
  what: 'host a.test',
  holds: true,
  isKept: true,
  proofs: [proven],
  isAlone: true,
  ...more,
});
const material = (more: Partial<GatewayMaterial> = {}): GatewayMaterial => ({
  wanted,
  isSeen: true,
  uses: [use()],
  canKeep: true,
  ...more,
});

const levels = ['desired', 'delivered', 'loaded', 'persisted', 'proven', 'exclusive'] as const;
const reached = (report: MaterialReport): string => levels.filter((level) => report[level] !== undefined).join(' ');

const all = 'desired delivered loaded persisted proven exclusive';

interface Case {
  readonly why: string;
  readonly of: Partial<GatewayMaterial>;
  readonly reached: string;
  readonly code?: string;
  readonly message?: RegExp;
}

const cases: readonly Case[] = [
  { why: 'every place has it, keeps it, has shown it, alone', of: {}, reached: all },
  {
    why: 'its sources were not read since the generation was known',
    of: { isSeen: false },
    reached: 'desired',
    code: 'not-resolved',
    message: /on its way/,
  },
  {
    why: 'it cannot be had',
    of: { isSeen: false, problem: 'Secret team/own does not exist' },
    reached: 'desired',
    code: 'not-resolved',
    message: /Secret team\/own/,
  },
  {
    why: 'nothing of the gateway uses it',
    of: { uses: [] },
    reached: 'desired delivered',
    code: 'not-used',
    message: /presents it/,
  },
  {
    why: 'one of two places has another loaded',
    of: { uses: [use(), use({ what: 'backend b:443', holds: false, problem: 'refused' })] },
    reached: 'desired delivered',
    code: 'not-loaded',
    message: /^backend b:443: refused$/,
  },
  {
    why: 'the snapshot is being written',
    of: { uses: [use({ isKept: false })] },
    reached: 'desired delivered loaded proven exclusive',
    code: 'not-kept',
  },
  {
    why: 'nothing outlives the process',
    of: { canKeep: false, uses: [use({ isKept: false })] },
    reached: 'desired delivered loaded proven exclusive',
    code: 'not-kept',
    message: /state directory/,
  },
  {
    why: 'a first handshake is under way',
    of: { uses: [use({ proofs: [proven, undefined] })] },
    reached: 'desired delivered loaded persisted',
    code: 'not-proven',
  },
  {
    why: 'a backend does not answer',
    of: { uses: [use({ proofs: [{ verdict: 'unknown', code: 'backend-unreachable', message: 'nobody' }] })] },
    reached: 'desired delivered loaded persisted',
    code: 'backend-unreachable',
    message: /host a\.test: nobody/,
  },
  {
    why: 'nothing at all is known of a place',
    of: { uses: [use({ proofs: [] })] },
    reached: 'desired delivered loaded persisted',
    code: 'not-proven',
  },
  {
    why: 'connections from before are open',
    of: { uses: [use({ isAlone: false })] },
    reached: 'desired delivered loaded persisted proven',
    code: 'former-connections',
  },
];

for (const { why, of, reached: levelsReached, code, message = /./ } of cases) {
  test(`gatewayReport() answers ${levelsReached.split(' ').at(-1)} when ${why}`, () => {
    const report = gatewayReport(material(of), undefined, now);
    assert.equal(reached(report), levelsReached);
    assert.equal(report.code, code);
    if (code !== undefined) assert.match(report.message!, message);
    for (const level of levels) {
      if (report[level] !== undefined) assert.deepEqual([report[level].generation, report[level].digest], [2, 'd2']);
    }
  });
}

test('what stays reached keeps its time', () => {
  const before = gatewayReport(material(), undefined, now);
  assert.deepEqual(gatewayReport(material(), before, later), before);
});

test('another generation of the same content is reached anew', () => {
  const before = gatewayReport(material(), undefined, now);
  const next = gatewayReport(material({ wanted: { ...wanted, generation: 3 } }), before, later);
  assert.deepEqual([next.loaded!.generation, next.loaded!.at], [3, '2026-03-01T10:00:05Z']);
});

test('what was lost and is reached again is so since then, and alone not before it is proven', () => {
  const before = gatewayReport(material(), undefined, now);
  const lost = gatewayReport(material({ uses: [use({ proofs: [undefined] })] }), before, now);
  assert.equal(reached(lost), 'desired delivered loaded persisted');
  const again = gatewayReport(material(), lost, later);
  assert.deepEqual([again.loaded!.at, again.proven!.at], ['2026-03-01T10:00:00Z', '2026-03-01T10:00:05Z']);
  assert.ok(again.exclusive!.at >= again.proven!.at);
});
