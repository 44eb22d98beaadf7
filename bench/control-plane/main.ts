/**
 * Figures P2 and P3 and those of the API: certificates declared to Ready through a server in its own process, durable,
 * with the client on the same cores; restart; idling; reads; watchers.
 *
 *     node bench/control-plane/main.ts [--counts 10000,100000] [--rsa 400] [--skip-reading]
 */
import { generateKeyPair } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { parseArgs, promisify } from 'node:util';
import { measure, repeatAsync, writeResult } from '../harness.ts';
import { measureIssuing } from './issuing.ts';
import { measureReading } from './reading.ts';

const { values } = parseArgs({
  options: {
    counts: { type: 'string', default: '10000,100000' },
    rsa: { type: 'string', default: '400' },
    'skip-reading': { type: 'boolean', default: false },
  },
});

const result: Record<string, unknown> = {};

for (const count of values.counts.split(',').map(Number)) {
  const figures = await measureIssuing(count, { algorithm: 'ECDSA', size: 256 });
  console.log(`\nP2: ${count} P-256 certificates, declared to Ready`);
  console.table(figures);
  result[`P2 with ${count}`] = figures;
}

const rsaCount = Number(values.rsa);
if (rsaCount > 0) {
  const bound = await rsaKeyBound();
  const figures = await measureIssuing(rsaCount, { algorithm: 'RSA', size: 2048 });
  const ofBound = figures.certificatesPerSecond / bound;
  console.log(`\nP3: ${rsaCount} RSA-2048 certificates; the bound is ${bound.toFixed(1)} keys/s on all cores`);
  console.table({ ...figures, ofBound });
  result['P3'] = { ...figures, keysPerSecondBound: bound, ofBound };
}

if (!values['skip-reading']) {
  const figures = await measureReading();
  console.log('\nAPI over 10,000 certificates');
  console.table(figures);
  result['API'] = figures;
}

writeResult('control-plane', { figure: 'P2, P3, API', ...result });

/** RSA-2048 keys per second that this machine can make at all, on every core. */
async function rsaKeyBound(): Promise<number> {
  const makeKey = promisify(generateKeyPair);
  const contender = {
    name: 'RSA-2048 keys',
    batch: (seconds: number) =>
      repeatAsync(seconds, availableParallelism(), () => makeKey('rsa', { modulusLength: 2048 })),
  };
  const [measurement] = await measure([contender], { rounds: 5, secondsPerRound: 3 });
  return measurement!.median;
}
