import { formatTimestamp } from '#model/objects';
import { workloadKind } from '#model/resources';
import type { InstanceReport, MaterialReport, Workload } from '#model/resources';
import { namespace } from '../test-plane.ts';
import type { TestPlane } from '../test-plane.ts';
import { reportsOf, writeReport } from './test-report.ts';

/** How far a simulated instance comes by itself. */
export type Level = 'delivered' | 'loaded' | 'persisted' | 'proven' | 'exclusive';

const levels: readonly Level[] = ['delivered', 'loaded', 'persisted', 'proven', 'exclusive'];

/** Instances that load whatever their Workload asks for, and report it as agents do. */
export class Fleet {
  readonly #plane: TestPlane;
  /** Instances (`workload/name`) that come no further than this. */
  readonly stuck = new Map<string, Level | 'silent'>();
  /** What each has ever presented, in order: `workload/name material fingerprint`. */
  readonly presented: string[] = [];

  constructor(plane: TestPlane) {
    this.#plane = plane;
  }

  /** One round: every instance takes what it shall have. True when any of them had something to report. */
  async round(): Promise<boolean> {
    let moved = false;
    for (const { metadata } of await this.#plane.all(workloadKind)) {
      const workload = await this.#plane.store.get({ kind: workloadKind, namespace, name: metadata.name });
      if (workload?.spec.external !== true) moved = (await this.#report(workload!)) || moved;
    }
    await this.#plane.controllers.idle();
    return moved;
  }

  /** Rounds with time between them, until nobody has anything to report and `done` says so, or `most` are over. */
  async run(done: () => Promise<boolean>, most = 60): Promise<void> {
    for (let round = 0; round < most; round += 1) {
      await this.#plane.pass(1000);
      if (await done()) return;
      await this.round();
    }
  }

  async #report(workload: Workload): Promise<boolean> {
    let moved = false;
    const reports = await reportsOf(this.#plane, workload);
    for (const { name } of workload.spec.instances ?? []) {
      const key = `${workload.metadata.name}/${name}`;
      const last = this.stuck.get(key) ?? 'exclusive';
      if (last === 'silent') continue;
      const before = reports.get(name);
      const materials = (workload.status?.materials ?? []).map((wanted) => this.#take(key, wanted, before, last));
      if (JSON.stringify(materials) === JSON.stringify(before?.materials ?? [])) continue;
      moved = true;
      const lastSeenTime = formatTimestamp(this.#plane.clock.now());
      await writeReport(
        this.#plane.store,
        { namespace, name: workload.metadata.name },
        { name, lastSeenTime, materials },
      );
    }
    return moved;
  }

  #take(
    key: string,
    wanted: NonNullable<NonNullable<Workload['status']>['materials']>[number],
    before: InstanceReport | undefined,
    last: Level,
  ): MaterialReport {
    const { name, kind, ...mark } = wanted;
    const held = before?.materials?.find((one) => one.name === name);
    const at = formatTimestamp(this.#plane.clock.now());
    const reached = levels.slice(0, levels.indexOf(last) + 1).map((level) => {
      const isSame = held?.[level]?.generation === mark.generation && held[level].digest === mark.digest;
      return [level, isSame ? held[level] : { ...mark, at }] as const;
    });
    const kept = levels.flatMap((level) => (held?.[level] === undefined ? [] : [[level, held[level]] as const]));
    if (kind === 'identity' && last === 'exclusive') this.presented.push(`${key} ${name} ${mark.fingerprint}`);
    return { name, kind, ...Object.fromEntries([...kept, ...reached]) };
  }
}
