import type { Certificate } from '#pki/x509';
import { formatTimestamp } from '#model/objects';
import type { KubeObject } from '#model/objects';
import type { InstanceReport, MaterialMark, MaterialReport, Workload } from '#model/resources';
import { objectTerm } from '#model/stores';
import { desiredMaterials } from '#model/workloads';
import type { DesiredMaterial } from '#model/workloads';
import { lookupIn } from '../stores/referred-objects.ts';

/** One material as an instance has it. */
interface Held {
  readonly kind: 'identity' | 'trust';
  readonly mark: MaterialMark;
  /** What is presented, leaf first, or what is trusted. */
  readonly certificates: readonly Certificate[];
}

/** What one process presents and trusts, by the names of the materials. */
export type Context = ReadonlyMap<string, Held>;

/** The objects as somebody saw them last, by their terms. */
export type World = ReadonlyMap<string, KubeObject>;

/**
 * One instance as it really is: what it has seen of the API, which may be old; what lies on its disk; what the running
 * process holds, and the processes before it that have not ended. Its reports are true when they are made.
 */
export class FaultyNode {
  readonly workload: string;
  readonly instance: string;
  readonly underWay: InstanceReport[] = [];
  /** From when on it answers that everything is done, and does nothing; what a test must catch. */
  lies = false;
  #seenWorkload: Workload | undefined;
  #seen: World = new Map();
  #disk: Context = new Map();
  #running: Context = new Map();
  #older: readonly Context[] = [];
  #proven: ReadonlyMap<string, MaterialMark> = new Map();
  #startedAt: Date;

  constructor(key: string, startedAt: Date) {
    [this.workload = '', this.instance = ''] = key.split('/');
    this.#startedAt = startedAt;
  }

  /** Everything that may be used on a connection now, or after a crash. */
  get contexts(): readonly Context[] {
    return [this.#disk, this.#running, ...this.#older];
  }

  seeWorkload(world: World, namespace: string): void {
    this.#seenWorkload = world.get(objectTerm('Workload', namespace, this.workload)) as Workload | undefined;
  }

  seeRest(world: World): void {
    this.#seen = world;
  }

  write(now: Date): void {
    if (this.lies) return;
    const wanted = this.#wanted(now).flatMap((one) => heldOf(one, now));
    this.#disk = new Map([...this.#disk, ...wanted]);
  }

  load(now: Date): void {
    if (this.lies) return;
    this.#older = [...this.#older, this.#running];
    this.#running = stamped(this.#disk, now);
  }

  endOlder(): void {
    this.#older = [];
  }

  /** From outside only one of the processes is seen: the newest. */
  prove(now: Date): void {
    this.#proven = new Map([...this.#running].map(([name, { mark }]) => [name, { ...mark, at: formatTimestamp(now) }]));
  }

  crash(now: Date): void {
    this.#running = stamped(this.#disk, now);
    this.#older = [];
    this.#proven = new Map();
    this.#startedAt = now;
  }

  report(now: Date): InstanceReport {
    const materials = this.#wanted(now).flatMap(({ name, kind, mark }): MaterialReport[] => {
      if (mark === undefined) return [];
      const { delivered, loaded, persisted, proven, exclusive } = this.#levels(name, mark, now);
      return [drop({ name, kind, desired: mark, delivered, loaded, persisted, proven, exclusive })];
    });
    const [startedTime, lastSeenTime] = [formatTimestamp(this.#startedAt), formatTimestamp(now)];
    return { name: this.instance, startedTime, lastSeenTime, materials };
  }

  #levels(name: string, wanted: MaterialMark, now: Date): Partial<MaterialReport> {
    const lie = { ...wanted, at: formatTimestamp(now) };
    if (this.lies) return { delivered: lie, loaded: lie, persisted: lie, proven: lie, exclusive: lie };
    const [onDisk, running] = [this.#disk.get(name)?.mark, this.#running.get(name)?.mark];
    const seen = this.#proven.get(name);
    const proven = seen?.generation === running?.generation ? seen : undefined;
    const exclusive = this.#older.length === 0 ? proven : undefined;
    return { delivered: onDisk, loaded: running, persisted: onDisk, proven, exclusive };
  }

  #wanted(now: Date): DesiredMaterial[] {
    if (this.#seenWorkload === undefined) return [];
    return desiredMaterials(lookupIn(this.#seen), this.#seenWorkload, now);
  }
}

/** Without what is not there. */
const drop = (report: MaterialReport): MaterialReport =>
  Object.fromEntries(Object.entries(report).filter(([, value]) => value !== undefined)) as MaterialReport;

function heldOf(material: DesiredMaterial, now: Date): [string, Held][] {
  if ('problem' in material) return [];
  const { name, kind } = material;
  const certificates =
    material.kind === 'identity' ? material.entry.chain : material.certificates.map(({ certificate }) => certificate);
  return [[name, { kind, certificates, mark: { ...material.mark, at: formatTimestamp(now) } }]];
}

function stamped(context: Context, now: Date): Context {
  const at = formatTimestamp(now);
  return new Map([...context].map(([name, held]) => [name, { ...held, mark: { ...held.mark, at } }]));
}
