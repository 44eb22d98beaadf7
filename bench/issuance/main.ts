/**
 * Figure P1: certificates per second of CPU time, one thread, a new key each, key and certificate as PEM, against the bare
 * cryptography, @peculiar/x509 and cfssl in the same run.
 *
 *     node bench/issuance/main.ts [--rounds N] [--quick]
 *
 * --quick shortens the rounds and keeps no result.
 */
import { parseArgs } from 'node:util';
import { measure, printTable, ratio, writeResult } from '../harness.ts';
import type { Contender, Measurement } from '../harness.ts';
import { cases } from './cases.ts';
import type { Case } from './cases.ts';
import { startCfssl } from './cfssl.ts';
import { chancery } from './chancery.ts';
import { exportFloor, floor } from './floor.ts';
import { peculiar } from './peculiar.ts';

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '7' }, quick: { type: 'boolean', default: false } },
});
const floorName = 'floor: bare key and signature';

async function runCase({ spec, name, secondsPerRound }: Case): Promise<object> {
  const cfssl = await startCfssl(spec);
  try {
    const contenders: Contender[] = [
      chancery(spec, false),
      chancery(spec, true),
      floor(spec),
      exportFloor(spec),
      await peculiar(spec, 1),
      await peculiar(spec, 8),
      ...(cfssl ? [cfssl.contender] : []),
    ];
    const seconds = values.quick ? secondsPerRound / 5 : secondsPerRound;
    const measurements = await measure(contenders, {
      rounds: Number(values.rounds),
      secondsPerRound: seconds,
      clock: 'cpu',
    });
    printTable(`${name}, new key each`, 'certificates per CPU second', measurements);
    const ratios = ratiosOf(measurements);
    console.log(ratios);
    if (cfssl === undefined) console.log(`cfssl: not measured for ${name} (not installed, or no such keys)`);
    return { name, unit: 'certificates per CPU second', measurements, ratios };
  } finally {
    cfssl?.stop();
  }
}

/** Over the better of @peculiar's two ways; the goals are 25 and 3 for P-256. */
function ratiosOf(measurements: readonly Measurement[]): Record<string, number | undefined> {
  const peculiarRatios = [1, 8].map((many) => ratio(measurements, 'Chancery', `@peculiar/x509, ${many} at once`)!);
  return {
    'over @peculiar/x509, one at a time': round(peculiarRatios[0]),
    'over @peculiar/x509, eight at once': round(peculiarRatios[1]),
    'over cfssl': round(ratio(measurements, 'Chancery', 'cfssl')),
    'of the floor': round(ratio(measurements, 'Chancery', floorName)),
  };
}

function round(value: number | undefined): number | undefined {
  return value && Number(value.toFixed(3));
}

const results = [];
for (const entry of cases) results.push(await runCase(entry));
if (!values.quick) writeResult('issuance', { figure: 'P1', cases: results });
