import assert from 'node:assert/strict';
import { test } from 'node:test';
import { crashRounds } from './crash-rounds.ts';
import { crashSeed } from './crash-seed.ts';

test('a server that is killed while it issues in bulk loses nothing, halves nothing and issues nothing twice', async (t) => {
  const report = await crashRounds(3, crashSeed());
  t.diagnostic(JSON.stringify(report));
  assert.ok(report.certificatesIssued > 0, 'the kills came while certificates were issued');
});
