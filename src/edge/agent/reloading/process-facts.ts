import { readFile, readdir, readlink } from 'node:fs/promises';

/** The process id in a file; undefined when there is none, or no such process. */
export async function pidIn(path: string): Promise<number | undefined> {
  const pid = Number((await readFile(path, 'utf8').catch(() => '')).trim().split(/\s/)[0]);
  return Number.isInteger(pid) && pid > 1 && isAlive(pid) ? pid : undefined;
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Direct children that run; those that ended and were not waited for do not count. */
export async function childrenOf(pid: number): Promise<number[]> {
  const all = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name));
  const stats = await Promise.all(all.map(async (name) => ({ pid: Number(name), stat: await statOf(Number(name)) })));
  return stats.filter(({ stat }) => stat?.parent === pid && stat.state !== 'Z').map((one) => one.pid);
}

interface ProcessStat {
  readonly state: string;
  readonly parent: number;
  /** In clock ticks since the machine started. */
  readonly started: number;
}

/** proc(5): the name in the second field may hold anything, blanks and brackets too. */
async function statOf(pid: number): Promise<ProcessStat | undefined> {
  const text = await readFile(`/proc/${pid}/stat`, 'latin1').catch(() => undefined);
  if (text === undefined) return undefined;
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return { state: fields[0]!, parent: Number(fields[1]), started: Number(fields[19]) };
}

const ticksPerSecond = 100;

/** One run of a program: another one has another key, though the process id comes again. */
export interface ProcessRun {
  readonly key: string;
  readonly startedAt: Date;
}

/** The run of the process whose id is in the file; undefined when there is none. */
export async function runIn(pidFile: string): Promise<ProcessRun | undefined> {
  const pid = await pidIn(pidFile);
  return pid === undefined ? undefined : runOf(pid);
}

async function runOf(pid: number): Promise<ProcessRun | undefined> {
  const [stat, uptime] = await Promise.all([statOf(pid), readFile('/proc/stat', 'latin1').catch(() => '')]);
  const booted = Number(/^btime (\d+)$/m.exec(uptime)?.[1]);
  if (stat === undefined || Number.isNaN(booted)) return undefined;
  return { key: `${pid} ${stat.started}`, startedAt: new Date((booted + stat.started / ticksPerSecond) * 1000) };
}

/** The program file of a process, and its arguments as it shows them. */
export async function commandOf(
  pid: number,
): Promise<{ readonly program: string; readonly args: readonly string[] } | undefined> {
  try {
    const program = await readlink(`/proc/${pid}/exe`);
    const args = (await readFile(`/proc/${pid}/cmdline`, 'utf8')).split('\0').filter((arg) => arg !== '');
    return { program: program.replace(/ \(deleted\)$/, ''), args };
  } catch {
    return undefined;
  }
}
