import { hash } from 'node:crypto';
import { reportInstance, type InstanceReporterOptions, type StatusReporter } from '#edge/instances';
import { formatTimestamp } from '#model/objects';
import type { InstanceOrders, InstanceStatus, MaterialReport, WantedMaterial, Workload } from '#model/resources';
import type { DesiredMaterial } from '#model/workloads';

export interface OwnInstanceOptions extends Omit<InstanceReporterOptions, 'place' | 'workload' | 'status'> {
  readonly workload: Workload;
  readonly node: string;
  readonly startedAt: Date;
  /** Whether what is loaded survives the process. */
  readonly persists: () => boolean;
}

/** This node as one instance of one Workload: what it has reported, and what it has seen and answered. */
export class OwnInstance {
  readonly #options: OwnInstanceOptions;
  readonly #reporter: StatusReporter<InstanceStatus>;
  readonly #seen = new Map<string, string>();
  #workload: Workload;
  #reports: readonly MaterialReport[] = [];
  #told = '';
  #answered = '';

  constructor(options: OwnInstanceOptions) {
    const { workload, node } = options;
    const { namespace = '', name } = workload.metadata;
    this.#options = options;
    this.#workload = workload;
    const place = { namespace, name, instance: node };
    const status = (): InstanceStatus => this.#status();
    this.#reporter = reportInstance({ ...options, place, workload: () => this.#workload, status });
  }

  get workload(): Workload {
    return this.#workload;
  }

  /** As it is now; what was seen of another of the same name counts no more. */
  follow(workload: Workload): void {
    if (workload.metadata.uid !== this.#workload.metadata.uid) {
      this.#seen.clear();
      this.#told = '';
      this.#reporter.startOver();
    }
    this.#workload = workload;
  }

  reportOf(name: string): MaterialReport | undefined {
    return this.#reports.find((one) => one.name === name);
  }

  /** Of the materials that were read as they are wanted: those whose sources were not looked at since that was known. */
  unseen(materials: readonly DesiredMaterial[]): WantedMaterial[] {
    const wanted = this.#workload.status?.materials ?? [];
    return wanted.filter((one) => !this.hasSeen(one) && isAsWanted(materials, one));
  }

  hasSeen(wanted: WantedMaterial): boolean {
    return this.#seen.get(wanted.name) === keyOf(wanted);
  }

  see(materials: readonly WantedMaterial[]): void {
    for (const one of materials) this.#seen.set(one.name, keyOf(one));
  }

  tell(reports: readonly MaterialReport[]): void {
    this.#reports = reports;
    const told = hash('sha256', JSON.stringify([reports, this.#options.persists()]));
    if (told === this.#told) return;
    this.#told = told;
    this.#reporter.changed();
  }

  /** Whether a Rotation asks for what was not done yet; asked once. */
  takeOrder(): boolean {
    const asked = this.#workload.status?.asked?.find(({ name }) => name === this.#options.node);
    const key = orderKey(asked);
    if (key === this.#answered) return false;
    this.#answered = key;
    return key !== '';
  }

  stop(): Promise<void> {
    return this.#reporter.stop();
  }

  /** The node is no instance of it any more. */
  leave(): Promise<void> {
    return this.#reporter.leave();
  }

  #status(): InstanceStatus {
    const { node, startedAt, clock, persists } = this.#options;
    const { spec } = this.#workload;
    const site = spec.instances?.find(({ name }) => name === node)?.site ?? spec.site;
    return {
      ...(site === undefined ? {} : { site }),
      startedTime: formatTimestamp(startedAt),
      lastSeenTime: formatTimestamp(clock.now()),
      ...(persists() ? {} : { persists: false }),
      materials: [...this.#reports],
    };
  }
}

const keyOf = ({ kind, generation, digest = '' }: WantedMaterial): string => `${kind} ${generation} ${digest}`;

function isAsWanted(materials: readonly DesiredMaterial[], wanted: WantedMaterial): boolean {
  const material = materials.find(({ name, kind }) => name === wanted.name && kind === wanted.kind);
  if (material?.mark === undefined || 'problem' in material) return false;
  return material.mark.generation === wanted.generation && material.mark.digest === wanted.digest;
}

function orderKey({ restart, flush }: Partial<InstanceOrders> = {}): string {
  const orders = [restart, flush].map((one) =>
    one === undefined ? '' : `${one.key ?? ''} ${one.generation} ${one.at}`,
  );
  return orders.join('') === '' ? '' : orders.join('|');
}
