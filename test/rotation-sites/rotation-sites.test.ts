import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CutOrder, CutReport } from './cut-stages.ts';
import { inSites, sites } from './namespaces.ts';

test(
  'a rotation waits for a site that is cut off, fails no handshake, and ends when the link is back',
  sites(),
  async (t) => {
    const order: CutOrder = { rounds: [{ cuts: ['Drain'] }], seconds: 1 };
    const report = await inSites<CutReport>('cutStages', order);
    t.diagnostic(JSON.stringify(report));
    assert.deepEqual(report.failures, []);
    assert.deepEqual(report.problems, []);
    assert.deepEqual(report.results, ['succeeded']);
    for (const { waitedAt, leftAt, blocking } of report.cuts) {
      assert.equal(leftAt, waitedAt);
      assert.deepEqual(blocking, ['south']);
    }
    assert.ok(report.across > 50, `${report.across} handshakes across`);
  },
);
