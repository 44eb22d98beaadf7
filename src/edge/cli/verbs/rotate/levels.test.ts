import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { InstanceReport, MaterialReport, Workload } from '#model/resources';
import { levelsOf } from './levels.ts';
import type { ReportedWorkload } from './reported-workload.ts';

const at = '2026-01-01T00:00:10Z';

const reported = (instances: Workload['spec']['instances'], reports: InstanceReport[]): ReportedWorkload => ({
  workload: {
    metadata: { name: 'server', namespace: 'demo' },
    spec: { instances },
    status: {
      materials: [
        { name: 'own', kind: 'identity', fingerprint: 'f2', digest: 'd2', generation: 2, at },
        { name: 'clients', kind: 'trust', digest: 't5', generation: 5, at },
      ],
    },
  } as unknown as Workload,
  reports: new Map(reports.map((one) => [one.name, one])),
});

const proven = (name: string, proof: object): MaterialReport =>
  ({ name, kind: name === 'own' ? 'identity' : 'trust', proven: { at, ...proof } }) as never;

const whole = [
  proven('own', { fingerprint: 'f2', digest: 'd2', generation: 2 }),
  proven('clients', { digest: 't5', generation: 5 }),
];

for (const { why, instances, reports, wanted, count } of [
  { why: 'what is wanted is there', reports: [{ name: 'a', materials: whole }], wanted: 2, count: 2 },
  {
    why: 'an earlier generation counts for nothing',
    reports: [{ name: 'a', materials: [proven('clients', { digest: 't5', generation: 4 })] }],
    wanted: 2,
    count: 0,
  },
  {
    why: 'another certificate counts for nothing',
    reports: [{ name: 'a', materials: [proven('own', { fingerprint: 'f1', generation: 2 })] }],
    wanted: 2,
    count: 0,
  },
  {
    why: 'what was reported before a restart counts for nothing',
    reports: [{ name: 'a', startedTime: '2026-01-01T00:00:11Z', materials: whole }],
    wanted: 2,
    count: 0,
  },
  {
    why: 'an instance that is declared and silent is wanted too',
    instances: [{ name: 'b' }],
    reports: [],
    wanted: 2,
    count: 0,
  },
  {
    why: 'a quarantined instance is not waited for',
    instances: [{ name: 'a', quarantined: true }],
    reports: [{ name: 'a', materials: whole }],
    wanted: 0,
    count: 0,
  },
]) {
  test(`levelsOf(): ${why}`, () => {
    const levels = levelsOf(reported(instances, reports));
    assert.deepEqual([levels.workload, levels.wanted, levels.reached.proven], ['demo/server', wanted, count]);
  });
}
