import type { ApiClient, ResourceAddress } from '#edge/api';
import { isCoded } from '#errors';
import type { KubeObject } from '#model/objects';
import {
  reportIn,
  workloadInstanceKind,
  workloadKind,
  type InstanceReport,
  type WantedMaterial,
  type Workload,
  type WorkloadInstance,
} from '#model/resources';
import { namespace } from '../rotation-kill/estate.ts';
import { until } from '../rotation-kill/until.ts';
import { TwoSites, type Found } from './two-sites.ts';

export interface RestartReport extends Found {
  readonly result: string;
  /** Why it went back, when nobody asked for that. */
  readonly message: string;
  /** `asked north`, `shown north`: who was asked to restart, and who had shown everything after that, in order. */
  readonly steps: readonly string[];
  /** From the first restart to the way back, seconds. */
  readonly turnedAfter?: number;
}

export interface RestartOrder {
  readonly windowSeconds: number;
}

const servers = { web: 'signal', portal: 'restart' } as const;

/** The server `portal` takes new material only by a restart: first in the north, and in the south when that is proven. */
export async function restartInOrder({ windowSeconds }: RestartOrder): Promise<RestartReport> {
  const sites = await TwoSites.open(servers);
  const restarts = new Restarts(sites.plane.client);
  await sites.rotate('turn', { restartWindowSeconds: windowSeconds });
  const { result = '', message = '' } = await untilOver(sites, 'turn');
  return { ...(await sites.stop()), result, message, steps: restarts.steps };
}

/** The south is cut off when the north was asked to restart: it cannot within the window, and everything goes back. */
export async function cutWhileRestarting({ windowSeconds }: RestartOrder): Promise<RestartReport> {
  const sites = await TwoSites.open(servers);
  const restarts = new Restarts(sites.plane.client);
  await sites.rotate('turn', { restartWindowSeconds: windowSeconds });
  await until('a restart', 60, () => restarts.steps.includes('asked north') || undefined);
  const from = performance.now();
  await sites.cut('north');
  await until(
    'the way back',
    windowSeconds + 60,
    // The stage itself may be over before the next look.
    () => sites.sightings.status('turn').history?.some(({ stage }) => stage === 'Rollback') || undefined,
  );
  const turnedAfter = Math.round((performance.now() - from) / 100) / 10;
  const before = [...restarts.steps];
  await sites.mend('north');
  const { result = '', message = '' } = await untilOver(sites, 'turn');
  return { ...(await sites.stop()), result, message, steps: before, turnedAfter };
}

async function untilOver(sites: TwoSites, name: string) {
  for (let generation = 0; ;) {
    const status = await sites.beyond(name, generation);
    generation = status.generation!;
    if (status.completedTime !== undefined) return status;
  }
}

/** Watches who is asked to restart `portal`, and who has shown everything since. */
class Restarts {
  readonly steps: string[] = [];
  readonly #keys = new Map<string, string>();
  readonly #due = new Set<string>();
  #wanted: readonly WantedMaterial[] = [];

  constructor(client: ApiClient) {
    void this.#follow(client, workloadKind, 'metadata.name', (one) => this.#noteOrders(one as Workload));
    void this.#follow(client, workloadInstanceKind, 'spec.workloadRef.name', (one) =>
      this.#noteReport(one as WorkloadInstance),
    );
  }

  async #follow(
    client: ApiClient,
    kind: ResourceAddress,
    field: string,
    note: (object: KubeObject) => void,
  ): Promise<void> {
    const selection = { namespace, fieldSelector: `${field}=portal`, timeoutSeconds: 600 };
    try {
      for await (const { object } of client.watch<KubeObject>(kind, selection)) note(object);
    } catch (error) {
      if (!isCoded(error, 'unreachable')) this.steps.push(String(error));
    }
  }

  #noteOrders({ status }: Workload): void {
    this.#wanted = status?.materials ?? [];
    for (const { name, restart } of status?.asked ?? []) {
      const key = restart?.key ?? '';
      if (key === '' || key === this.#keys.get(name)) continue;
      this.#keys.set(name, key);
      this.#due.add(name);
      this.steps.push(`asked ${name}`);
    }
  }

  #noteReport(instance: WorkloadInstance): void {
    const report = reportIn(instance);
    if (!this.#due.has(report.name) || !hasShown(report, this.#wanted)) return;
    this.#due.delete(report.name);
    this.steps.push(`shown ${report.name}`);
  }
}

function hasShown({ materials = [] }: InstanceReport, wanted: readonly WantedMaterial[]): boolean {
  return wanted.every(({ name, digest }) => materials.find((one) => one.name === name)?.proven?.digest === digest);
}
