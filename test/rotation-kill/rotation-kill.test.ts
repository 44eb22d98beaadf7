import assert from 'node:assert/strict';
import { test } from 'node:test';
import { crashSeed } from '../crash/crash-seed.ts';
import { seeded } from '../crash/seeded.ts';
import { KillRun, type Round } from './kill-run.ts';

const round: Round = {
  strikes: [
    { stage: 'TrustBoth', victim: 'agents', milliseconds: 0 },
    { stage: 'Issue', victim: 'plane', milliseconds: 0 },
    { stage: 'Drain', victim: 'plane', milliseconds: 100 },
    { stage: 'Distrust', victim: 'plane', milliseconds: 0 },
    { stage: 'Flush', victim: 'server', milliseconds: 50 },
    { stage: 'Stable', victim: 'plane', milliseconds: 0 },
  ],
};

test('a rotation whose control plane, agents and servers are killed on the way ends as if nothing had been', async (t) => {
  await using run = await KillRun.open(seeded(crashSeed()));
  await run.round(round);
  const report = run.report();
  t.diagnostic(JSON.stringify(report));
  assert.equal(report.planeKills >= 4, true);
  assert.ok(report.handshakes > 100, `${report.handshakes} handshakes`);
});
