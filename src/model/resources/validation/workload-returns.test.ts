import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fieldErrorText } from '#model/objects';
import type { InstanceReport, MaterialReport, WantedMaterial } from '../fields/material-report.ts';
import { context } from '../test-objects.ts';
import { workload } from '../test-tls-objects.ts';
import type { Workload, WorkloadSpec } from '../workload.ts';
import { validateWorkload } from './workload.ts';

const at = '2026-03-01T10:00:00Z';
const wanted = [
  { name: 'own', kind: 'identity', digest: 'd1', generation: 3, at },
  { name: 'internal', kind: 'trust', digest: 'd2', generation: 7, at },
] as const satisfies readonly WantedMaterial[];

const reached = (one: WantedMaterial, more: Partial<MaterialReport> = {}): MaterialReport => {
  const { name, kind, ...mark } = one;
  return { name, kind, loaded: mark, persisted: mark, proven: mark, exclusive: mark, ...more };
};

const whole: InstanceReport = { name: 'one', materials: wanted.map((one) => reached(one)) };
const owning = (more: Partial<MaterialReport>): InstanceReport => ({
  name: 'one',
  materials: [reached(wanted[0], more), reached(wanted[1])],
});

const quarantined = (reports: readonly InstanceReport[], materials: readonly WantedMaterial[]): Workload => ({
  ...workload({ instances: [{ name: 'one', quarantined: true }] }),
  status: { instances: [...reports], materials: [...materials] },
});

interface Case {
  readonly why: string;
  readonly report?: InstanceReport;
  readonly materials?: readonly WantedMaterial[];
  readonly spec?: Partial<WorkloadSpec>;
  readonly wanted: RegExp | undefined;
}

const back = /^spec\.instances\[0\]\.quarantined: Forbidden: one cannot serve yet: /;

const cases: readonly Case[] = [
  { why: 'it has all of the current generation', report: whole, wanted: undefined },
  { why: 'it has reported nothing', wanted: /it has reported nothing\. Start the agent/ },
  {
    why: 'it has an older generation of the same content',
    report: owning({ persisted: { digest: 'd1', generation: 2, at } }),
    wanted: /"own" is not persisted in generation 3/,
  },
  {
    why: 'it has another certificate',
    report: owning({ persisted: { digest: 'd0', generation: 3, at } }),
    wanted: /"own" is not persisted/,
  },
  {
    why: 'nothing has shown it',
    report: owning({ proven: undefined, message: 'no answer' }),
    wanted: /"own" is not proven in generation 3 \(no answer\)/,
  },
  {
    why: 'it restarted since',
    report: { ...whole, startedTime: '2026-03-01T10:00:01Z' },
    wanted: /"own" is not persisted/,
  },
  {
    why: 'what it shall have is not known',
    report: whole,
    materials: wanted.slice(0, 1),
    wanted: /what it shall have of "internal" is not known/,
  },
  {
    why: 'it is declared no more, reports, and is behind',
    report: owning({ loaded: undefined, persisted: undefined }),
    spec: { instances: [] },
    wanted: /^spec\.instances: Forbidden: one cannot serve yet/,
  },
  { why: 'it is declared no more, and gone', spec: { instances: [] }, wanted: undefined },
  {
    why: 'it stays quarantined',
    spec: { instances: [{ name: 'one', quarantined: true }], title: 'x' },
    wanted: undefined,
  },
];

for (const { why, report, materials = wanted, spec = { instances: [{ name: 'one' }] }, wanted: error } of cases) {
  test(`a quarantined instance ${error === undefined ? 'may' : 'may not'} return when ${why}`, () => {
    const before = quarantined(report === undefined ? [] : [report], materials);
    const found = validateWorkload({ ...workload(spec), status: before.status! }, before, context).map(fieldErrorText);
    assert.equal(found.length, error === undefined ? 0 : 1, found.join('\n'));
    if (error === undefined) return;
    assert.match(found[0]!, error);
    if (spec.instances?.length === 1) assert.match(found[0]!, back);
  });
}
