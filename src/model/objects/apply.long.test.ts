import { test } from 'node:test';
import { askOracle, buildOracle, oracleOptions, ordersAsApplied } from '../../../test/ssa-oracle/oracle.ts';
import { assertSame, playScenario } from '../../../test/ssa-oracle/comparison.ts';

const scenarios = Number(process.env['CHANCERY_SSA_SCENARIOS'] ?? 20_000);
const seed = Number(process.env['CHANCERY_SSA_SEED'] ?? 1);
const batch = 1000;

test('apply and update agree with the real structured-merge-diff in 20,000 random scenarios', oracleOptions(), () => {
  const oracle = buildOracle();
  const old = !ordersAsApplied(oracle);
  for (let start = 0; start < scenarios; start += batch) {
    const played = Array.from({ length: Math.min(batch, scenarios - start) }, (_, index) =>
      playScenario(seed * 1_000_003 + start + index),
    );
    const expected = askOracle(
      oracle,
      played.map(({ operations }) => operations),
    );
    played.forEach((scenario, index) => assertSame(scenario, expected[index]!, old));
  }
});
