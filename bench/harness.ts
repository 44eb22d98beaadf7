import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';

/** What one batch of a contender did. `seconds` replaces the harness's own clock, for work done in another process. */
export interface Batch {
  readonly operations: number;
  readonly seconds?: number;
}

/** One side of a comparison. `batch` runs for about the time it is given, in seconds. */
export interface Contender {
  readonly name: string;
  batch(seconds: number): Batch | Promise<Batch>;
}

export interface Measurement {
  readonly name: string;
  /** Operations per second, median of the rounds. */
  readonly median: number;
  readonly lowest: number;
  readonly highest: number;
  /** Distance of the quartiles over the median: 0.05 is a quiet run. */
  readonly spread: number;
  readonly rounds: readonly number[];
}

export interface MeasureOptions {
  readonly rounds?: number;
  readonly secondsPerRound?: number;
  /** `cpu`: per second of this process's CPU time, which a busy machine disturbs less; `wall`: per second. */
  readonly clock?: 'cpu' | 'wall';
}

/** Rates of all contenders, which take turns in every round, so that a slow moment of the machine hits all alike. */
export async function measure(contenders: readonly Contender[], options: MeasureOptions = {}): Promise<Measurement[]> {
  const { rounds = 7, secondsPerRound = 0.5, clock = 'wall' } = options;
  const rates = new Map<string, number[]>(contenders.map(({ name }) => [name, []]));
  for (let round = 0; round <= rounds; round++) {
    for (const contender of contenders) {
      const rate = await oneRate(contender, secondsPerRound, clock);
      // The first round warms up caches and compilers.
      if (round > 0) rates.get(contender.name)!.push(rate);
    }
  }
  return contenders.map(({ name }) => summarize(name, rates.get(name)!));
}

async function oneRate(contender: Contender, seconds: number, clock: 'cpu' | 'wall'): Promise<number> {
  const before = now(clock);
  const batch = await contender.batch(seconds);
  return batch.operations / (batch.seconds ?? now(clock) - before);
}

function now(clock: 'cpu' | 'wall'): number {
  if (clock === 'wall') return performance.now() / 1000;
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

/** Median, quartiles and extremes of rates. */
export function summarize(name: string, rounds: readonly number[]): Measurement {
  const sorted = rounds.toSorted((a, b) => a - b);
  const median = quantile(sorted, 0.5);
  const spread = (quantile(sorted, 0.75) - quantile(sorted, 0.25)) / median;
  return { name, median, lowest: sorted[0]!, highest: sorted.at(-1)!, spread, rounds };
}

function quantile(sorted: readonly number[], share: number): number {
  const at = (sorted.length - 1) * share;
  const low = sorted[Math.floor(at)]!;
  return low + (sorted[Math.ceil(at)]! - low) * (at - Math.floor(at));
}

/** A batch that calls `once` until the time is over. */
export function repeat(seconds: number, once: () => unknown): Batch {
  const end = performance.now() + seconds * 1000;
  let operations = 0;
  do {
    once();
    operations++;
  } while (performance.now() < end);
  return { operations };
}

/** As `repeat` for work that waits, `concurrency` calls at a time. */
export async function repeatAsync(seconds: number, concurrency: number, once: () => Promise<unknown>): Promise<Batch> {
  const end = performance.now() + seconds * 1000;
  let operations = 0;
  const lane = async (): Promise<void> => {
    do {
      await once();
      operations++;
    } while (performance.now() < end);
  };
  await Promise.all(Array.from({ length: concurrency }, lane));
  return { operations };
}

/** Rate of one contender over another's, undefined when either did not run. */
export function ratio(measurements: readonly Measurement[], name: string, over: string): number | undefined {
  const [one, other] = [name, over].map((wanted) => measurements.find((entry) => entry.name === wanted)?.median);
  return one === undefined || other === undefined ? undefined : one / other;
}

/** Writes `bench/results/<name>.json`: the figures, and what they were measured on. */
export function writeResult(name: string, result: Readonly<Record<string, unknown>>): void {
  const folder = new URL('./results/', import.meta.url);
  mkdirSync(folder, { recursive: true });
  const body = { name, measuredAt: new Date().toISOString(), machine: describeMachine(), ...result };
  writeFileSync(new URL(`${name}.json`, folder), `${JSON.stringify(body, undefined, 2)}\n`);
}

function describeMachine(): Readonly<Record<string, unknown>> {
  const { node, openssl } = process.versions;
  return { node, openssl, arch: process.arch, cpu: cpus()[0]?.model, cores: availableParallelism() };
}

/** Prints the measurements, each with its rate over the first one's. */
export function printTable(title: string, unit: string, measurements: readonly Measurement[]): void {
  const [first] = measurements;
  const rows = measurements.map(({ name, median, lowest, highest, spread }) => ({
    contender: name,
    [unit]: round(median),
    lowest: round(lowest),
    highest: round(highest),
    spread: `${(spread * 100).toFixed(1)}%`,
    [`of ${first?.name}`]: Number((median / (first?.median ?? median)).toFixed(3)),
  }));
  console.log(`\n${title}`);
  console.table(rows);
}

function round(rate: number): number {
  return rate >= 100 ? Math.round(rate) : Number(rate.toFixed(2));
}
