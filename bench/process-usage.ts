import { readFileSync } from 'node:fs';

const clockTicksPerSecond = 100;

/** CPU seconds (user and system) that a process has used, and its resident memory in MiB; from /proc. */
export function processUsage(pid: number): { cpuSeconds: number; residentMiB: number } {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
  const cpuSeconds = (Number(fields[11]) + Number(fields[12])) / clockTicksPerSecond;
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const residentMiB = Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024;
  return { cpuSeconds, residentMiB };
}
