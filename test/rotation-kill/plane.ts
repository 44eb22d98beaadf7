import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseKubeconfig, type ApiClient, type ClientAccess } from '#edge/api';
import { freePort } from '../agent/servers.ts';
import { endProcess, spawnControlPlane, startControlPlane, type ControlPlane } from '../installation/control-plane.ts';

/** A control plane that can be killed and comes back on the same data and the same port. */
export class MortalPlane {
  readonly #directory: string;
  readonly #port: number;
  #running: ControlPlane | undefined;
  kills = 0;

  private constructor(directory: string, port: number) {
    this.#directory = directory;
    this.#port = port;
  }

  static async start(directory: string): Promise<MortalPlane> {
    const plane = new MortalPlane(directory, await freePort());
    await plane.start();
    return plane;
  }

  get client(): ApiClient {
    return this.#running!.client;
  }

  get port(): number {
    return this.#port;
  }

  get kubeconfig(): string {
    return join(this.#directory, 'kubeconfig');
  }

  get access(): ClientAccess {
    return parseKubeconfig(readFileSync(this.kubeconfig, 'utf8'), this.kubeconfig);
  }

  async start(): Promise<void> {
    this.#running = await startControlPlane(this.#directory, 64, this.#port);
  }

  /** At once, whatever it does; its client is of no use from then on. */
  async kill(): Promise<void> {
    this.kills += 1;
    await this.#running?.kill();
  }

  /** Begins to start, and is killed after so many milliseconds. */
  async startInVain(milliseconds: number): Promise<void> {
    this.kills += 1;
    const child = spawnControlPlane(this.#directory, this.#port);
    await delay(milliseconds);
    await endProcess(child, 'SIGKILL');
  }
}
