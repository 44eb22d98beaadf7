import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { startAgent, type Agent } from '#edge/agent';
import { openClient, type ApiClient } from '#edge/api';
import { declare, startInstallation, type Installation } from '#edge/installation';
import type { Draft } from '#model/objects';
import { certificateKind, workloadKind, type Certificate, type Workload } from '#model/resources';
import { hasReached, isReady } from '../../test/agent/reached.ts';
import { namespace } from './manifests.ts';
import { until } from './until.ts';

/** A control plane in this process, and the agents of every instance that is declared. */
export class Plane {
  readonly installation: Installation;
  readonly client: ApiClient;
  readonly #folder: string;
  #agent: Agent | undefined;

  private constructor(installation: Installation, folder: string) {
    this.installation = installation;
    this.client = openClient(installation.access);
    this.#folder = folder;
  }

  static async start(folder: string): Promise<Plane> {
    const quiet = { info: () => undefined, warn: () => undefined, error: complain };
    const directory = join(folder, 'plane');
    const installation = await startInstallation({ directory, apiPort: 0, version: 'demo', logger: quiet });
    return new Plane(installation, folder);
  }

  async declare(objects: readonly Draft[]): Promise<void> {
    const manifests = objects.map((object) => ({ object, place: `${object.kind} ${object.metadata.name}` }));
    for (const done of await declare(this.client, this.installation.registry, manifests)) {
      if ('refused' in done) throw new Error(`${done.place} was refused`, { cause: done.refused });
    }
  }

  async untilIssued(names: readonly string[]): Promise<void> {
    await until('certificates', 20, async () => {
      const found = await Array.fromAsync(this.client.each<Certificate>(certificateKind, { namespace }));
      const issued = new Set(found.filter(isReady).map(({ metadata }) => metadata.name));
      return names.every((name) => issued.has(name)) ? true : undefined;
    });
  }

  async startAgents(workloads: readonly string[]): Promise<void> {
    const stateDirectory = join(this.#folder, 'agents');
    mkdirSync(stateDirectory);
    this.#agent = await startAgent({
      access: () => this.installation.access,
      workloads: workloads.map((name) => ({ namespace, name, instance: 'one' })),
      stateDirectory,
      log: { info: () => undefined, warn: () => undefined },
      pace: { retryMilliseconds: 100, longestRetryMilliseconds: 500, againMilliseconds: 5000, sessionSeconds: 1 },
    });
  }

  /** Waits until the only instance of each Workload has reached `level` with all that it shall have. */
  async untilReached(workloads: readonly string[], level: 'persisted' | 'proven', seconds: number): Promise<void> {
    await until(`${workloads.join(', ')} ${level}`, seconds, async () => {
      const found = await Promise.all(
        workloads.map((name) => this.client.get<Workload>(workloadKind, name, namespace)),
      );
      const reached = await Promise.all(found.map((one) => hasReached(this.client, one, level)));
      return reached.every(Boolean) ? true : undefined;
    });
  }

  async stop(): Promise<void> {
    await this.#agent?.stop();
    this.client.close();
    await this.installation.stop();
  }
}

const complain = (fields: object, message: string): void =>
  void process.stderr.write(`${message} ${JSON.stringify(fields)}\n`);
