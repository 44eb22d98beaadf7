import assert from 'node:assert/strict';
import { test } from 'node:test';
import { crashRounds } from './crash-rounds.ts';
import { crashSeed } from './crash-seed.ts';

test('100 kills at random moments of bulk issuing lose nothing, halve nothing and issue nothing twice', async (t) => {
  const report = await crashRounds(100, crashSeed());
  t.diagnostic(JSON.stringify(report));
  assert.ok(report.certificatesIssued > 1000, 'the kills came while certificates were issued');
});
