import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fieldErrorText } from '#model/objects';
import type { QuarantinedInstance } from '../fields/material-report.ts';
import { context } from '../test-objects.ts';
import { workload } from '../test-tls-objects.ts';
import type { Workload, WorkloadSpec } from '../workload.ts';
import { validateWorkload } from './workload.ts';

const quarantined = (known: QuarantinedInstance | undefined, observedGeneration: number): Workload => {
  const declared = workload({ instances: [{ name: 'one', quarantined: true }] });
  return {
    ...declared,
    metadata: { ...declared.metadata, generation: 2 },
    status: { observedGeneration, ...(known === undefined ? {} : { quarantined: [known] }) },
  };
};

interface Case {
  readonly why: string;
  readonly known?: QuarantinedInstance;
  readonly observed?: number;
  readonly spec?: Partial<WorkloadSpec>;
  readonly wanted: RegExp | undefined;
}

const whole = { name: 'one', reported: true };
const behind = { ...whole, lacks: '"own" is not proven in generation 3' };
const silent = { name: 'one', reported: false, lacks: 'it has reported nothing' };

const cases: readonly Case[] = [
  { why: 'it lacks nothing', known: whole, wanted: undefined },
  {
    why: 'it lacks something',
    known: behind,
    wanted: /^spec\.instances\[0\]\.quarantined: Forbidden: one cannot serve yet: "own" is not proven in generation 3$/,
  },
  { why: 'it has reported nothing', known: silent, wanted: /: it has reported nothing$/ },
  { why: 'nobody has looked at it', wanted: /: what it has is not known yet\. Try again in a moment$/ },
  {
    why: 'nobody has looked since the last change',
    known: whole,
    observed: 1,
    wanted: /: what it has is not known yet/,
  },
  {
    why: 'it is declared no more, reports, and is behind',
    known: behind,
    spec: { instances: [] },
    wanted: /^spec\.instances: Forbidden: one cannot serve yet/,
  },
  { why: 'it is declared no more, and gone', known: silent, spec: { instances: [] }, wanted: undefined },
  {
    why: 'it stays quarantined',
    known: behind,
    spec: { instances: [{ name: 'one', quarantined: true }], title: 'x' },
    wanted: undefined,
  },
];

for (const { why, known, observed = 2, spec = { instances: [{ name: 'one' }] }, wanted } of cases) {
  test(`a quarantined instance ${wanted === undefined ? 'may' : 'may not'} return when ${why}`, () => {
    const before = quarantined(known, observed);
    const found = validateWorkload({ ...workload(spec), status: before.status! }, before, context).map(fieldErrorText);
    assert.equal(found.length, wanted === undefined ? 0 : 1, found.join('\n'));
    if (wanted !== undefined) assert.match(found[0]!, wanted);
  });
}
