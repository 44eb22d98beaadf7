import type { InstanceState, RotationSnapshot } from './snapshot.ts';
import { wrongIn } from './test-checker.ts';
import { engineMoves, nodeMoves, userMoves } from './test-moves.ts';
import type { Move } from './test-moves.ts';
import { snapshotOf } from './test-snapshot.ts';
import { keyOf } from './test-world.ts';
import type { Setting, World } from './test-world.ts';

/**
 * One run of a world in which each report is a thing of its own: made of what is true then, under way for as long as
 * chance likes, lost, doubled, overtaken by later ones. The engine sees only what has arrived.
 */
export class Schedule {
  world: World;
  readonly setting: Setting;
  readonly steps: string[] = [];
  /** Per node: reports under way, and the one that arrived last. */
  readonly underWay: InstanceState[][];
  readonly arrived: InstanceState[];

  constructor(setting: Setting) {
    this.setting = setting;
    this.world = setting.world;
    this.underWay = setting.world.nodes.map(() => []);
    this.arrived = this.#reports().map(({ workload, name }) => ({ workload, name, serving: true, materials: [] }));
  }

  /** Does one thing; `choice` says which of those that can be done. Users do something now and then. */
  step(choice: number): void {
    const sorts = [this.#engineMoves(), this.#nodeMoves(), this.#reportMoves(), this.#nodeMoves(), this.#reportMoves()];
    const sort = choice % 40 === 0 ? userMoves(this.world) : sorts[choice % sorts.length]!;
    if (sort.length === 0) return;
    const move = sort[Math.floor(choice / 40) % sort.length]!;
    this.steps.push(move.name);
    if ('to' in move) this.world = move.to;
    else move.run();
  }

  /** What is wrong by now. */
  wrong(): string | undefined {
    return wrongIn(this.world, this.setting);
  }

  /** From now on all goes well: everybody loads, writes and ends what is old, and each report arrives. */
  settle(): void {
    for (let round = 0; round < 500 && this.#running(); round++) this.#calmRound();
  }

  #running(): boolean {
    return this.world.rotations.some(({ result }) => result === '');
  }

  #calmRound(): void {
    const before = keyOf(this.world);
    for (let left = 100; left > 0; left--) {
      const move = this.#nodeMoves().find(({ name }) => !/crashes|anew|on schedule/.test(name));
      if (move === undefined) break;
      this.steps.push(move.name);
      this.world = move.to;
    }
    this.#reports().forEach((report, place) => (this.arrived[place] = report));
    const [move] = this.#engineMoves();
    if (move !== undefined) {
      this.steps.push(move.name);
      this.world = move.to;
    }
    if (keyOf(this.world) === before) this.steps.push('nothing more happens');
  }

  #snapshot(): RotationSnapshot {
    const snapshot = snapshotOf(this.world, this.setting, 0);
    const instances = snapshot.instances.map((instance, place) => this.#asReported(instance, place));
    return { ...snapshot, instances };
  }

  /** When an instance was started is known from where it is started, not from its reports. */
  #asReported({ serving, startedTime, ...instance }: InstanceState, place: number): InstanceState {
    return { ...instance, serving, startedTime, materials: this.arrived[place]!.materials };
  }

  #reports(): readonly InstanceState[] {
    return snapshotOf(this.world, this.setting, 0).instances;
  }

  #engineMoves(): Move[] {
    return engineMoves(this.world, this.setting, 0, this.#snapshot());
  }

  #nodeMoves(): Move[] {
    const snapshot = this.#snapshot();
    return this.world.nodes.flatMap((_, place) => nodeMoves(this.world, this.setting, place, snapshot));
  }

  #reportMoves(): { name: string; run: () => void }[] {
    return this.world.nodes.flatMap((_, place) => [
      { name: `node ${place + 1} sends a report`, run: () => this.#send(place) },
      { name: `node ${place + 1} is looked at`, run: () => (this.arrived[place] = this.#reports()[place]!) },
      ...this.underWay[place]!.flatMap((report, which) => [
        { name: `report ${which} of node ${place + 1} arrives`, run: () => this.#arrive(place, which) },
        { name: `a copy of it arrives`, run: () => (this.arrived[place] = report) },
        { name: `it is lost`, run: () => this.underWay[place]!.splice(which, 1) },
      ]),
    ]);
  }

  /** Only so many are under way; the first is lost for the next. */
  #send(place: number): void {
    const reports = this.underWay[place]!;
    if (reports.push(this.#reports()[place]!) > 2) reports.shift();
  }

  #arrive(place: number, which: number): void {
    const [report] = this.underWay[place]!.splice(which, 1);
    this.arrived[place] = report!;
  }
}
