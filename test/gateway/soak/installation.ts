import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { openClient, parseKubeconfig, type ApiClient } from '#edge/api';
import { endProcess, spawnControlPlane } from '../../installation/control-plane.ts';
import { ProgramLog } from './program.ts';

const program = fileURLToPath(new URL('../../../bin/chancery.js', import.meta.url));

/** A change that the control plane does not take within this time was refused, not delayed. */
const patienceMilliseconds = 60_000;

/** A control plane that is killed and started again, and one gateway node that stays; each a process of its own. */
export class Installation implements AsyncDisposable {
  readonly controlPlaneLog = new ProgramLog();
  readonly gatewayLog = new ProgramLog();
  readonly folder = mkdtempSync(join(tmpdir(), 'chancery-soak-'));
  restarts = 0;
  gatewayPort = 0;
  #controlPlane: ChildProcess | undefined;
  #gateway: ChildProcess | undefined;
  #client: ApiClient | undefined;

  /** The client of the control plane that runs now; its watches end with it. */
  get client(): ApiClient {
    return this.#client!;
  }

  get controlPlanePid(): number {
    return this.#controlPlane!.pid!;
  }

  get gatewayPid(): number {
    return this.#gateway!.pid!;
  }

  get isGatewayRunning(): boolean {
    return this.#gateway?.exitCode === null && this.#gateway.signalCode === null;
  }

  async startControlPlane(): Promise<void> {
    this.#controlPlane = spawnControlPlane(this.folder);
    this.controlPlaneLog.follow(this.#controlPlane);
    await said(this.#controlPlane, this.controlPlaneLog);
    const path = join(this.folder, 'kubeconfig');
    this.#client?.close();
    this.#client = openClient(parseKubeconfig(readFileSync(path, 'utf8'), path));
  }

  async restartControlPlane(signal: NodeJS.Signals): Promise<void> {
    await endProcess(this.#controlPlane!, signal);
    await this.startControlPlane();
    this.restarts += 1;
  }

  /** `gateway`: `ns/name`. */
  async startGateway(gateway: string): Promise<void> {
    const kubeconfig = join(this.folder, 'gateway.kubeconfig');
    const place = ['--host', '127.0.0.1', '--port', '0', '--state-dir', join(this.folder, 'gateway')];
    const args = ['gateway', '--kubeconfig', kubeconfig, '--gateway', gateway, '--node', 'soak', ...place];
    this.#gateway = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    this.gatewayLog.follow(this.#gateway);
    const line = await said(this.#gateway, this.gatewayLog);
    this.gatewayPort = Number(/:(\d+)$/mu.exec(line)?.[1]);
  }

  /** Does it again until the control plane answers; every action must come to the same however often it is done. */
  async perform<T>(action: (client: ApiClient) => Promise<T>): Promise<T> {
    const deadline = performance.now() + patienceMilliseconds;
    for (;;) {
      try {
        return await action(this.client);
      } catch (error) {
        if (performance.now() > deadline || !isAbsence(error)) throw error;
        await delay(50);
      }
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#client?.close();
    if (this.#gateway !== undefined) await endProcess(this.#gateway, 'SIGKILL');
    if (this.#controlPlane !== undefined) await endProcess(this.#controlPlane, 'SIGKILL');
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function isAbsence(error: unknown): boolean {
  return ['unreachable', 'timeout', 'store-closed', 'too-many-requests'].includes(
    (error as { code?: string }).code ?? '',
  );
}

/** Resolves with all that a program has said when it says that it is ready. */
async function said(child: ChildProcess, log: ProgramLog): Promise<string> {
  const heard: string[] = [];
  for await (const line of createInterface({ input: child.stdout! })) {
    heard.push(line);
    if (!line.startsWith('Ready')) continue;
    child.stdout!.resume();
    return heard.join('\n');
  }
  throw new Error(`a program ended before it was ready: ${[...heard, ...log.unexpected].join('\n')}`);
}
