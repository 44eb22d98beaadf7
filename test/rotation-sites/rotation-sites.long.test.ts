import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CutOrder, CutReport, CutRound } from './cut-stages.ts';
import { inSites, sites } from './namespaces.ts';
import type { RestartReport } from './restarting.ts';

interface Row extends CutRound {
  readonly result: 'succeeded' | 'rolledBack';
  /** Where the rotation stands still: the first gate from there on that needs the other site. */
  readonly waitsAt: readonly string[];
}

const rows: readonly Row[] = [
  { cuts: ['TrustBoth'], waitsAt: ['TrustBoth'], result: 'succeeded' },
  { cuts: ['Issue'], waitsAt: ['Drain'], result: 'succeeded' },
  { cuts: ['Drain'], waitsAt: ['Drain'], result: 'succeeded' },
  { cuts: ['Distrust'], waitsAt: ['Flush'], result: 'succeeded' },
  { cuts: ['Flush'], waitsAt: ['Flush'], result: 'succeeded' },
  { rollback: 'Drain', cuts: ['Rollback'], waitsAt: ['Rollback'], result: 'rolledBack' },
  { rollback: 'Issue', cuts: ['Withdraw'], waitsAt: ['Withdraw'], result: 'rolledBack' },
  {
    cuts: ['TrustBoth', 'Issue', 'Distrust'],
    waitsAt: ['TrustBoth', 'Drain', 'Flush'],
    result: 'succeeded',
  },
  { cuts: ['TrustBoth'], restarts: true, waitsAt: ['TrustBoth'], result: 'succeeded' },
];

test(
  'the link between two sites is cut in the middle of each stage: nothing fails, nothing goes on, it ends',
  sites(),
  async (t) => {
    const order: CutOrder = {
      rounds: rows.map(({ cuts, rollback, restarts }) => ({ cuts, rollback, restarts })),
      seconds: 2,
    };
    const report = await inSites<CutReport>('cutStages', order);
    t.diagnostic(JSON.stringify(report));
    assert.deepEqual(report.failures, []);
    assert.deepEqual(report.problems, []);
    assert.deepEqual(
      report.results,
      rows.map(({ result }) => result),
    );
    assert.deepEqual(
      report.cuts.map(({ waitedAt }) => waitedAt),
      rows.flatMap(({ waitsAt }) => waitsAt),
    );
    for (const { waitedAt, leftAt, blocking } of report.cuts) {
      assert.equal(leftAt, waitedAt);
      assert.deepEqual(blocking, ['south']);
    }
    assert.ok(report.across > 1000, `${report.across} handshakes across`);
  },
);

test('servers that must be restarted are, site after site, within their window', sites(), async (t) => {
  const report = await inSites<RestartReport>('restartInOrder', { windowSeconds: 120 });
  t.diagnostic(JSON.stringify(report));
  assert.deepEqual([report.failures, report.problems], [[], []]);
  assert.equal(report.result, 'succeeded');
  assert.match(report.steps.join(', '), /^((, )?asked north, shown north, asked south, shown south){2,}$/);
});

test(
  'a site that is cut off while the sites are restarted brings everything back, and fails no handshake',
  sites(),
  async (t) => {
    const report = await inSites<RestartReport>('cutWhileRestarting', { windowSeconds: 12 });
    t.diagnostic(JSON.stringify(report));
    assert.deepEqual([report.failures, report.problems], [[], []]);
    assert.equal(report.result, 'rolledBack');
    assert.match(report.message, /took longer than their window/);
    assert.ok(!report.steps.includes('shown south'), report.steps.join(', '));
  },
);
