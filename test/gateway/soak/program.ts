import type { ChildProcess } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

/** Pino's: 50 is an error. */
const errorLevel = 50;
const mostLines = 20;

/** What a program said that it should not have, and counts of the rest by its beginning. */
export class ProgramLog {
  readonly unexpected: string[] = [];
  readonly warnings: Record<string, number> = {};

  follow(child: ChildProcess): void {
    createInterface({ input: child.stderr! }).on('line', (line) => this.#take(line));
  }

  #take(line: string): void {
    const entry = entryOf(line);
    if (entry === undefined || entry.level >= errorLevel) {
      if (this.unexpected.length < mostLines) this.unexpected.push(line);
      return;
    }
    const kind = entry.code === undefined ? entry.msg.slice(0, 60) : `${entry.code} ${entry.reason ?? ''}`;
    this.warnings[kind] = (this.warnings[kind] ?? 0) + 1;
  }
}

interface Entry {
  readonly level: number;
  readonly msg: string;
  readonly code?: string;
  readonly reason?: string;
}

function entryOf(line: string): Entry | undefined {
  try {
    const entry = JSON.parse(line) as Partial<Entry>;
    return typeof entry.level === 'number' ? { msg: '', ...entry, level: entry.level } : undefined;
  } catch {
    return undefined;
  }
}

/** What a process holds at one moment. */
export interface Sample {
  readonly seconds: number;
  readonly megabytes: number;
  readonly files: number;
}

/** Of a process of this machine, from Linux's /proc; undefined when it is gone. */
export function sample(pid: number, seconds: number): Sample | undefined {
  try {
    const kilobytes = /^VmRSS:\s+(\d+) kB$/mu.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    if (kilobytes === undefined) return undefined;
    return { seconds, megabytes: Number(kilobytes) / 1024, files: readdirSync(`/proc/${pid}/fd`).length };
  } catch {
    return undefined;
  }
}

export interface Flatness {
  readonly samples: number;
  readonly medianMegabytes: number;
  readonly highestMegabytes: number;
  /** Of the straight line that fits the samples best, from the first of them to the last. */
  readonly grownMegabytes: number;
  readonly megabytesPerMinute: number;
  readonly medianFiles: number;
  readonly grownFiles: number;
}

/** How flat the samples are. */
export function flatnessOf(samples: readonly Sample[]): Flatness {
  const seconds = (samples.at(-1)?.seconds ?? 0) - (samples[0]?.seconds ?? 0);
  const megabytes = samples.map((one) => one.megabytes);
  const files = samples.map((one) => one.files);
  const slope = slopeOf(samples, megabytes);
  return {
    samples: samples.length,
    medianMegabytes: rounded(median(megabytes)),
    highestMegabytes: rounded(Math.max(...megabytes)),
    grownMegabytes: rounded(slope * seconds),
    megabytesPerMinute: rounded(slope * 60),
    medianFiles: median(files),
    grownFiles: rounded(slopeOf(samples, files) * seconds),
  };
}

/** Least squares, a second. */
function slopeOf(samples: readonly Sample[], values: readonly number[]): number {
  const meanX = samples.reduce((sum, { seconds }) => sum + seconds, 0) / samples.length;
  const meanY = values.reduce((sum, value) => sum + value, 0) / values.length;
  let [above, below] = [0, 0];
  for (const [index, { seconds }] of samples.entries()) {
    above += (seconds - meanX) * (values[index]! - meanY);
    below += (seconds - meanX) ** 2;
  }
  return below === 0 ? 0 : above / below;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
