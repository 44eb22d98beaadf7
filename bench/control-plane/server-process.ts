import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { openClient, parseKubeconfig, type ApiClient } from '#edge/api';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** A control plane in a process of its own, as a user runs it. */
export interface ServerProcess {
  readonly directory: string;
  readonly client: ApiClient;
  /** Milliseconds from the start of the process to its `Ready` line. */
  readonly readyMilliseconds: number;
  readonly pid: number;
  stop(): Promise<void>;
}

/** A fresh data directory that `dispose` removes. */
export function temporaryDirectory(): { readonly path: string; dispose(): void } {
  const path = mkdtempSync(join(tmpdir(), 'chancery-bench-'));
  return { path, dispose: () => rmSync(path, { recursive: true, force: true }) };
}

export async function startServerProcess(directory: string): Promise<ServerProcess> {
  const startedAt = performance.now();
  const child = spawn(
    process.execPath,
    [join(root, 'bin/chancery.js'), 'up', '--data-dir', directory, '--api-port', '0'],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  await lineStartingWith(child, 'Ready');
  const path = join(directory, 'kubeconfig');
  const client = openClient({ ...parseKubeconfig(readFileSync(path, 'utf8'), path), maxSockets: 2048 });
  return {
    directory,
    client,
    readyMilliseconds: performance.now() - startedAt,
    pid: child.pid!,
    stop: async () => {
      client.close();
      child.kill('SIGTERM');
      if (child.exitCode === null) await new Promise((resolve) => child.once('exit', resolve));
    },
  };
}

async function lineStartingWith(child: ChildProcess, start: string): Promise<void> {
  const lines = createInterface({ input: child.stdout! });
  for await (const line of lines) if (line.startsWith(start)) return;
  throw new Error(`the server ended before it said ${start}`);
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
