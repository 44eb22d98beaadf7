import { join } from 'node:path';
import { SqliteKv } from '../../src/control/store/sqlite-kv.ts';
import { measure, printTable, ratio, repeat, repeatAsync } from '../harness.ts';
import { BareSqlite } from './bare-sqlite.ts';
import { creation, keyOf, value } from './keys.ts';
import type { Contender, MeasureOptions } from '../harness.ts';

const ours = 'Chancery';
const peer = 'bare SQLite table';

/** Creates by many callers at once, against as many in one transaction of the peer; then the same per CPU second. */
export async function compareWrites(directory: string, options: MeasureOptions): Promise<object[]> {
  const results: object[] = [];
  for (const callers of [1, 64, 1000]) {
    for (const clock of ['wall', 'cpu'] as const)
      results.push(await compare(directory, callers, { ...options, clock }));
  }
  return results;
}

async function compare(directory: string, callers: number, options: MeasureOptions): Promise<object> {
  const kv = SqliteKv.open(join(directory, `ours-${callers}-${options.clock}.db`));
  const bare = new BareSqlite(join(directory, `bare-${callers}-${options.clock}.db`));
  const measurements = await measure([chancery(kv, callers), bareTable(bare, callers)], options);
  await kv.close();
  bare.close();
  const unit = options.clock === 'cpu' ? 'creates per CPU second' : 'creates per second';
  printTable(`${callers} callers at once, 2 KB values, durable`, unit, measurements);
  return { name: `create, ${callers} callers`, unit, measurements, ratio: ratio(measurements, ours, peer) };
}

function chancery(kv: SqliteKv, callers: number): Contender {
  let next = 0;
  return { name: ours, batch: (seconds) => repeatAsync(seconds, callers, () => kv.commit([creation(next++)])) };
}

function bareTable(bare: BareSqlite, callers: number): Contender {
  let next = 0;
  const group = () =>
    bare.put(
      Array.from({ length: callers }, () => keyOf(next++)),
      value,
    );
  return {
    name: peer,
    batch: (seconds) => ({ operations: repeat(seconds, group).operations * callers }),
  };
}
