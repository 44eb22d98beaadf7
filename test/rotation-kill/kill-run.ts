import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { rotationKind, type Rotation, type RotationStatus } from '#model/resources';
import type { Seeded } from '../crash/seeded.ts';
import type { AgentProcess } from './agents.ts';
import { diskProblems, endProblems, oldAccepted } from './end-state.ts';
import { authority, identityOf, namespace, object } from './estate.ts';
import { until } from './until.ts';
import { World } from './world.ts';

type Stage = NonNullable<RotationStatus['stage']>;

/**
 * Who dies. `start`: the control plane, and the one that shall take its place while it starts; `master`: the master of
 * NGINX first, and its workers, which go on alone, later.
 */
export type Victim = 'plane' | 'start' | 'agents' | 'agent' | 'server' | 'master';

/** A death: when this stage was entered, and so many milliseconds later. */
export interface Strike {
  readonly stage: Stage;
  readonly victim: Victim;
  readonly milliseconds: number;
}

export interface Round {
  readonly strikes: readonly Strike[];
  /** Goes back when this stage was entered. */
  readonly rollback?: Stage;
}

export interface KillReport {
  readonly rotations: Readonly<Record<string, number>>;
  /** Deaths of the control plane, by the stage that had just been entered, and all others. */
  readonly kills: Readonly<Record<string, number>>;
  readonly planeKills: number;
  /** How often an agent that was dead was seen to be waited for. */
  readonly held: number;
  readonly handshakes: number;
  readonly cut: number;
  readonly failed: number;
}

const stageSeconds = 60;
const mostProblems = 10;

/** Rotations of one CA, one after the other, with deaths in them. */
export class KillRun implements AsyncDisposable {
  readonly #world: World;
  readonly #random: Seeded;
  readonly #kills = new Map<string, number>();
  readonly #results = new Map<string, number>();
  #held = 0;
  #round = 0;

  private constructor(world: World, random: Seeded) {
    this.#world = world;
    this.#random = random;
  }

  static async open(random: Seeded): Promise<KillRun> {
    return new KillRun(await World.open(), random);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#world[Symbol.asyncDispose]();
  }

  report(): KillReport {
    const { calls, plane } = this.#world;
    return {
      rotations: Object.fromEntries(this.#results),
      kills: Object.fromEntries(this.#kills),
      planeKills: plane.kills,
      held: this.#held,
      handshakes: calls.good,
      cut: calls.cut,
      failed: calls.failures.length,
    };
  }

  /** One rotation; every death of the round happens, and everything is as it must be at its end. */
  async round({ strikes, rollback }: Round): Promise<void> {
    this.#round += 1;
    const name = `turn-${this.#round}`;
    const { members, sightings } = this.#world;
    const before = identityOf(members[0]!);
    const known = sightings.authorities.seen.size;
    await this.#begin(name);
    const status = await this.#live(name, strikes, rollback);
    const result = status.result ?? '';
    assert.equal(result, rollback === undefined ? 'succeeded' : 'rolledBack', JSON.stringify(status));
    this.#count(this.#results, result);
    await this.#checkEnd(status, before);
    assert.ok(sightings.authorities.seen.size - known <= 1, 'more than one next CA was made');
  }

  async #begin(name: string): Promise<void> {
    const turn = object('chancery.dev/v1', 'Rotation', name, { spec: { certificateRef: { name: authority } } });
    await this.#world.plane.client.create(rotationKind, turn);
  }

  /** Goes with the rotation from stage to stage until it is over. */
  async #live(name: string, strikes: readonly Strike[], rollback: Stage | undefined): Promise<RotationStatus> {
    const { sightings, members } = this.#world;
    for (let generation = 0; ;) {
      const status = await sightings.beyond(name, generation, stageSeconds);
      if (status === undefined) throw new Error(await this.#standstill(name));
      assert.deepEqual(diskProblems(status, members), []);
      // Some stages are over before anybody hears of them; their deaths come all the same.
      const entered = (status.history ?? []).filter((moment) => moment.generation > generation);
      generation = status.generation!;
      for (const { stage } of entered) {
        if (stage === rollback) await this.#goBack(name);
        for (const strike of strikes) if (strike.stage === stage) await this.#strike(name, strike);
      }
      if (status.completedTime !== undefined) return status;
    }
  }

  async #goBack(name: string): Promise<void> {
    const { client } = this.#world.plane;
    await client.patch(rotationKind, name, 'merge', { spec: { rollback: true } }, { namespace });
  }

  async #standstill(name: string): Promise<string> {
    const { status } = await this.#world.plane.client.get<Rotation>(rotationKind, name, namespace);
    const said = this.#world.agents.map((agent) => `${agent.name}: ${agent.said}`);
    return `${name} stands still: ${JSON.stringify(status)} ${said.join('\n')}`;
  }

  async #strike(name: string, { stage, victim, milliseconds }: Strike): Promise<void> {
    await delay(milliseconds);
    this.#count(this.#kills, `${victim} at ${stage}`);
    if (victim === 'plane' || victim === 'start') await this.#strikePlane(victim === 'start');
    else if (victim === 'master') await this.#world.orphanWorkers(this.#random.between(200, 800));
    else if (victim === 'server') await this.#world.restartServer(this.#random.pick(this.#world.members));
    else
      await this.#strikeAgents(
        name,
        victim === 'agents' ? this.#world.agents : [this.#random.pick(this.#world.agents)],
      );
  }

  async #strikePlane(again: boolean): Promise<void> {
    await this.#world.killPlane();
    if (again) await this.#world.plane.startInVain(this.#random.between(100, 1200));
    await this.#world.startPlane();
  }

  /** Dead agents prove nothing: what waits for them waits, with a server that was killed meanwhile, and a plane too. */
  async #strikeAgents(name: string, agents: readonly AgentProcess[]): Promise<void> {
    await Promise.all(agents.map((agent) => agent.kill()));
    const own = this.#world.members.find((one) => one.name === agents[0]!.workloads[0]!.name)!;
    if (this.#random.chance(0.5)) await this.#world.restartServer(own);
    const places = agents.flatMap((agent) => agent.workloads.map((one) => `${one.namespace}/${one.name}`));
    const stage = await this.#waitedFor(name, places);
    if (stage !== undefined) {
      if (this.#random.chance(0.3)) await this.#strikePlane(false);
      await delay(this.#random.between(300, 1000));
      assert.equal(await this.#stageOf(name), stage, `went on without ${places.join(', ')}`);
      this.#held += 1;
    }
    await Promise.all(agents.map((agent) => agent.start()));
  }

  /** The stage in which the rotation waits for one of the Workloads; undefined when it soon does not. */
  async #waitedFor(name: string, places: readonly string[]): Promise<Stage | undefined> {
    const look = async (): Promise<Stage | undefined> => {
      const { status } = await this.#world.plane.client.get<Rotation>(rotationKind, name, namespace);
      const waits = (status?.blocking ?? []).some(({ workload }) => places.includes(workload ?? ''));
      return waits ? status?.stage : undefined;
    };
    return until('', 2, look).catch(() => undefined);
  }

  async #stageOf(name: string): Promise<Stage | undefined> {
    return (await this.#world.plane.client.get<Rotation>(rotationKind, name, namespace)).status?.stage;
  }

  async #checkEnd(status: RotationStatus, before: ReturnType<typeof identityOf>): Promise<void> {
    const { plane, members, sightings, calls } = this.#world;
    const problems = await endProblems(plane.client, members, status);
    if (status.result === 'succeeded') problems.push(...(await oldAccepted(members, before)));
    problems.push(...sightings.problems, ...sightings.authorities.problems, ...calls.failures);
    assert.deepEqual(problems.slice(0, mostProblems), []);
  }

  #count(counts: Map<string, number>, key: string): void {
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
}
