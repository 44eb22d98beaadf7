/**
 * The embedded store by itself, each answered write on the disk, against a bare SQLite table in the same run.
 *
 *     node bench/store/main.ts [--rounds N] [--objects N] [--quick]
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { writeResult } from '../harness.ts';
import { measureLarge } from './large.ts';
import { compareSealing } from './sealing.ts';
import { compareWrites } from './writing.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    objects: { type: 'string', default: '100000' },
    quick: { type: 'boolean', default: false },
  },
});
const options = { rounds: Number(values.rounds), secondsPerRound: values.quick ? 0.1 : 0.5 };
const objects = values.quick ? 10_000 : Number(values.objects);
const directory = mkdtempSync(join(tmpdir(), 'chancery-bench-'));

try {
  const writes = await compareWrites(directory, options);
  const sealing = await compareSealing(options);
  const large = await measureLarge(directory, objects);
  console.log(`\nA store of ${objects} objects, each written twice (milliseconds, MiB)`);
  console.table(large);
  writeResult('store', { comparisons: [...writes, sealing], large: { objects, ...large } });
} finally {
  rmSync(directory, { recursive: true });
}
