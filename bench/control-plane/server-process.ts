import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startControlPlane, type ControlPlane } from '../../test/installation/control-plane.ts';

/** A fresh data directory that `dispose` removes. */
export function temporaryDirectory(): { readonly path: string; dispose(): void } {
  const path = mkdtempSync(join(tmpdir(), 'chancery-bench-'));
  return { path, dispose: () => rmSync(path, { recursive: true, force: true }) };
}

/** Starts a control plane, and tells how many milliseconds it took from the start of the process to its `Ready` line. */
export async function startServerProcess(
  directory: string,
): Promise<ControlPlane & { readonly readyMilliseconds: number }> {
  const startedAt = performance.now();
  const controlPlane = await startControlPlane(directory, 2048);
  return { ...controlPlane, readyMilliseconds: performance.now() - startedAt };
}

const clockTicksPerSecond = 100;

/** CPU seconds (user and system) that a process has used, and its resident memory in MiB; from /proc. */
export function processUsage(pid: number): { cpuSeconds: number; residentMiB: number } {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
  const cpuSeconds = (Number(fields[11]) + Number(fields[12])) / clockTicksPerSecond;
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const residentMiB = Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024;
  return { cpuSeconds, residentMiB };
}
