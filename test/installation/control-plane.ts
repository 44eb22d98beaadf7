import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { openClient, parseKubeconfig, type ApiClient } from '#edge/api';

const program = fileURLToPath(new URL('../../bin/chancery.js', import.meta.url));

/** `chancery up` in a process of its own, as a user runs it. */
export interface ControlPlane {
  readonly client: ApiClient;
  readonly pid: number;
  /** Ends the process at once, whatever it does; resolves when it is gone. */
  kill(): Promise<void>;
  /** Ends the process in good order. */
  stop(): Promise<void>;
}

/**
 * Starts on a data directory and resolves when it says that it is ready; its client opens at most `maxSockets`
 * connections, and its API has the port, or a free one. Fails with what the process wrote when it ends.
 */
export async function startControlPlane(directory: string, maxSockets = 64, port = 0): Promise<ControlPlane> {
  const child = spawnControlPlane(directory, port);
  const said: string[] = [];
  child.stderr!.setEncoding('utf8').on('data', (text: string) => said.push(text));
  await untilReady(child, said);
  const path = join(directory, 'kubeconfig');
  const client = openClient({ ...parseKubeconfig(readFileSync(path, 'utf8'), path), maxSockets });
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    await endProcess(child, signal);
    client.close();
  };
  return { client, pid: child.pid!, kill: () => end('SIGKILL'), stop: () => end('SIGTERM') };
}

/** The process alone, which may not be ready yet. */
export function spawnControlPlane(directory: string, port = 0): ChildProcess {
  const args = [program, 'up', '--data-dir', directory, '--api-port', String(port), '--no-gateway'];
  return spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
}

/** Resolves when the process is gone, also when it was gone before. */
export async function endProcess(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill(signal);
  await gone;
}

async function untilReady(child: ChildProcess, said: readonly string[]): Promise<void> {
  for await (const line of createInterface({ input: child.stdout! })) {
    if (!line.startsWith('Ready')) continue;
    child.stdout!.resume();
    return;
  }
  assert.fail(`the control plane ended before it was ready: ${said.join('')}`);
}
