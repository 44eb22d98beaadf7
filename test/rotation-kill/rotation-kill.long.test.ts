import assert from 'node:assert/strict';
import { test } from 'node:test';
import { crashSeed } from '../crash/crash-seed.ts';
import { seeded, type Seeded } from '../crash/seeded.ts';
import { KillRun, type Round, type Strike } from './kill-run.ts';

const wantedKills = 50;
const forward: readonly Strike['stage'][] = ['TrustBoth', 'Issue', 'Drain', 'Distrust', 'Flush', 'Stable'];
const plane = (stage: Strike['stage'], milliseconds: number): Strike => ({ stage, victim: 'plane', milliseconds });

/** Every boundary of a rotation, at once and some time after it; the way back from each stage that has one. */
function cycle(random: Seeded): Round[] {
  const soon = (): number => random.between(0, 1500);
  const back = ['Rollback', 'Withdraw', 'Stable'] as const;
  return [
    { strikes: forward.map((stage) => plane(stage, 0)) },
    {
      strikes: [
        ...forward.map((stage) => plane(stage, soon())),
        { stage: 'Issue', victim: 'server', milliseconds: soon() },
        { stage: 'Flush', victim: 'master', milliseconds: 0 },
      ],
    },
    { rollback: 'TrustBoth', strikes: [plane('TrustBoth', 0), ...back.map((stage) => plane(stage, 0))] },
    {
      rollback: 'Issue',
      strikes: [
        plane('Issue', soon()),
        { stage: 'Rollback', victim: 'agents', milliseconds: 0 },
        ...back.map((stage) => plane(stage, soon())),
      ],
    },
    {
      rollback: 'Drain',
      strikes: [
        plane('Rollback', 0),
        { stage: 'Withdraw', victim: 'agent', milliseconds: 0 },
        plane('Withdraw', soon()),
      ],
    },
    {
      strikes: [
        { stage: 'TrustBoth', victim: 'agents', milliseconds: 0 },
        { stage: 'Issue', victim: 'agent', milliseconds: 0 },
        { stage: 'Issue', victim: 'start', milliseconds: 0 },
        { stage: 'Drain', victim: 'master', milliseconds: 0 },
        { stage: 'Distrust', victim: 'agents', milliseconds: 0 },
        { stage: 'Flush', victim: 'start', milliseconds: soon() },
      ],
    },
  ];
}

test(`${wantedKills} deaths of the control plane over all stages of rotations, and of agents and servers, fail no handshake`, async (t) => {
  const seed = crashSeed();
  const random = seeded(seed);
  t.diagnostic(`CHANCERY_CRASH_SEED=${seed}`);
  await using run = await KillRun.open(random);
  while (run.report().planeKills < wantedKills) {
    for (const round of cycle(random)) await run.round(round);
  }
  const report = run.report();
  t.diagnostic(JSON.stringify(report));
  assert.ok(report.held >= 4, `dead agents were waited for ${report.held} times`);
  assert.ok(report.handshakes > 5000, `${report.handshakes} handshakes`);
});
