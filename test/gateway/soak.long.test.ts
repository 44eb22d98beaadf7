import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { soak } from './soak/soak.ts';

const minutes = Number(process.env['CHANCERY_SOAK_MINUTES'] ?? 30);
const requestsPerSecond = Number(process.env['CHANCERY_SOAK_RATE'] ?? 150);

/** V8 gives memory back when it likes: what a process holds moves by about so much without meaning anything. */
const mostGrownMegabytes = 24;
const mostGrownFiles = 20;

const skip = existsSync('/proc/self/status') ? false : 'memory and files of a process are read from /proc';

test(
  'a gateway under mixed load serves by what is trusted at each moment, while everything about trust changes',
  {
    skip,
  },
  async (t) => {
    const report = await soak({ minutes, requestsPerSecond, tunnels: 8 });
    t.diagnostic(JSON.stringify(report, undefined, 1));
    assert.equal(report.failedThatShouldHaveWorked, 0, report.problems.join('\n'));
    assert.equal(report.workedThatShouldHaveFailed, 0, report.problems.join('\n'));
    assert.deepEqual(report.problems, []);
    assert.deepEqual(report.unexpected, [], 'what the programs wrote');
    assert.ok(
      report.sure['answered']! > 1000 * minutes && report.sure['distrusted']! > 100 * minutes,
      'there was load',
    );
    assert.ok(report.restarts > 0, 'the control plane was restarted');
    for (const { grownMegabytes, grownFiles } of [report.gateway, report.controlPlane]) {
      assert.ok(grownMegabytes < mostGrownMegabytes, `memory grew by ${grownMegabytes} MB`);
      assert.ok(grownFiles < mostGrownFiles, `open files grew by ${grownFiles}`);
    }
  },
);
