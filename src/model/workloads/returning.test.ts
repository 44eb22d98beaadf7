import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { InstanceReport, MaterialReport, WantedMaterial, Workload } from '#model/resources';
import { quarantinedInstances } from './returning.ts';

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

const workload = {
  metadata: { name: 'shop', namespace: 'team' },
  spec: {
    instances: [{ name: 'one', quarantined: true }, { name: 'two' }],
    presents: [{ name: 'own', certificateRef: { name: 'own' } }],
    trusts: [{ name: 'internal', trustBundleRef: { name: 'internal' } }],
  },
} as Workload;

interface Case {
  readonly why: string;
  readonly report?: InstanceReport;
  readonly materials?: readonly WantedMaterial[];
  readonly lacks: RegExp | undefined;
}

const cases: readonly Case[] = [
  { why: 'it has all of the current generation', report: whole, lacks: undefined },
  { why: 'it has reported nothing', lacks: /^it has reported nothing\. Start the agent/ },
  {
    why: 'it has an older generation of the same content',
    report: owning({ persisted: { digest: 'd1', generation: 2, at } }),
    lacks: /^"own" is not persisted in generation 3/,
  },
  {
    why: 'it has another certificate',
    report: owning({ persisted: { digest: 'd0', generation: 3, at } }),
    lacks: /^"own" is not persisted/,
  },
  {
    why: 'nothing has shown it',
    report: owning({ proven: undefined, message: 'no answer' }),
    lacks: /^"own" is not proven in generation 3 \(no answer\)/,
  },
  {
    why: 'it restarted since',
    report: { ...whole, startedTime: '2026-03-01T10:00:01Z' },
    lacks: /^"own" is not persisted/,
  },
  {
    why: 'what it shall have is not known',
    report: whole,
    materials: wanted.slice(0, 1),
    lacks: /^what it shall have of "internal" is not known/,
  },
];

for (const { why, report, materials = wanted, lacks } of cases) {
  test(`quarantinedInstances(): an instance lacks ${lacks === undefined ? 'nothing' : 'something'} when ${why}`, () => {
    const reports = new Map(report === undefined ? [] : [[report.name, report]]);
    const [found, ...others] = quarantinedInstances(workload, reports, materials);
    assert.deepEqual(others, [], 'who serves is not asked');
    assert.equal(found!.reported, report !== undefined);
    if (lacks === undefined) assert.equal(found!.lacks, undefined);
    else assert.match(found!.lacks!, lacks);
  });
}
