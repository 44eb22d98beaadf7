import { test } from 'node:test';
import { askOracle, buildOracle, oracleOptions, ordersAsApplied } from '../../../test/ssa-oracle/oracle.ts';
import { assertSame, playScenario } from '../../../test/ssa-oracle/comparison.ts';

test('apply and update agree with the real structured-merge-diff in 300 random scenarios', oracleOptions(), () => {
  const oracle = buildOracle();
  const played = Array.from({ length: 300 }, (_, index) => playScenario(index));
  const expected = askOracle(
    oracle,
    played.map(({ operations }) => operations),
  );
  const old = !ordersAsApplied(oracle);
  played.forEach((scenario, index) => assertSame(scenario, expected[index]!, old));
});
