import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { nginxServer, nodeServer, type TestServerProcess } from '../agent/servers.ts';
import { findPeer } from '../peers/peer.ts';
import { AgentProcess, enrol } from './agents.ts';
import { Calls, Outages, type Route } from './calls.ts';
import { declareEstate, identityOf, untilReached, type Member } from './estate.ts';
import { MortalPlane } from './plane.ts';
import { Sightings } from './sightings.ts';
import { until } from './until.ts';

/** One whose server is started and ended here. */
export interface OwnMember extends Member {
  readonly server: TestServerProcess;
}

/** A control plane, agents and servers, each in a process of its own, with calls between all servers. */
export class World implements AsyncDisposable {
  readonly folder = mkdtempSync(join(tmpdir(), 'chancery-rotation-'));
  readonly sightings = new Sightings();
  readonly outages = new Outages();
  readonly members: OwnMember[] = [];
  readonly agents: AgentProcess[] = [];
  #plane: MortalPlane | undefined;
  #calls: Calls | undefined;
  #watching: Promise<void> = Promise.resolve();

  get plane(): MortalPlane {
    return this.#plane!;
  }

  get calls(): Calls {
    return this.#calls!;
  }

  /** Everything runs, is proven, and calls each other. */
  static async open(): Promise<World> {
    const world = new World();
    try {
      await world.#open();
      return world;
    } catch (error) {
      await world[Symbol.asyncDispose]();
      throw error;
    }
  }

  async #open(): Promise<void> {
    this.#plane = await MortalPlane.start(join(this.folder, 'plane'));
    await this.#addServers();
    await declareEstate(this.plane.client, this.members);
    await this.#startAgents();
    await untilReached(this.plane.client, 'persisted');
    for (const { server } of this.members) await server.start();
    await untilReached(this.plane.client, 'exclusive');
    this.follow();
    await until('the CA in the watch', 10, () => this.sightings.authorities.seen.size === 1 || undefined);
    this.#calls = new Calls(routesBetween(this.members), this.outages);
  }

  async #addServers(): Promise<void> {
    const add = async (name: string, open: (folder: string) => Promise<TestServerProcess>): Promise<void> => {
      const folder = join(this.folder, name);
      mkdirSync(folder);
      this.members.push({ name, instance: 'one', server: await open(folder) });
    };
    await add('alpha', (folder) => nodeServer(folder, 'signal'));
    await add('beta', (folder) => nodeServer(folder, 'hot'));
    if (findPeer('nginx') !== undefined) await add('gate', nginxServer);
  }

  async #startAgents(): Promise<void> {
    const [alpha, beta, ...others] = this.members;
    for (const [name, looksAfter] of [
      ['north', [alpha!, ...others]],
      ['south', [beta!]],
    ] as const) {
      const order = await enrol(name, looksAfter, this.folder, this.plane.kubeconfig, this.plane.access);
      const agent = new AgentProcess(name, order);
      this.agents.push(agent);
      await agent.start();
    }
  }

  /** Watches what the control plane that runs now shows. */
  follow(): void {
    this.#watching = this.sightings.follow(this.plane.client);
  }

  async killPlane(): Promise<void> {
    await this.plane.kill();
    await this.#watching;
  }

  async startPlane(): Promise<void> {
    await this.plane.start();
    this.follow();
  }

  /** Ends a server without warning; it is away until it listens again. */
  async restartServer({ name, server }: OwnMember): Promise<void> {
    this.outages.begin(name);
    await server.kill();
    await server.start();
    this.outages.end(name);
  }

  /** Ends the master of NGINX alone: its workers must go on serving until they are ended, and NGINX starts anew. */
  async orphanWorkers(milliseconds: number): Promise<void> {
    const nginx = this.members.find(({ server }) => server.driver === 'nginx');
    if (nginx === undefined) return;
    const { name, server } = nginx;
    const master = Number(readFileSync(server.reload!.pidFile!, 'utf8'));
    process.kill(master, 'SIGKILL');
    await delay(milliseconds);
    this.outages.begin(name);
    process.kill(-master, 'SIGKILL');
    await server.start();
    this.outages.end(name);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#calls?.stop();
    for (const agent of this.agents) await agent.kill();
    for (const { server } of this.members) await server.kill();
    await this.#plane?.kill();
    await this.#watching;
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** From every server that may call to every other: with the files that it would start with at that moment. */
function routesBetween(members: readonly Member[]): Route[] {
  // NGINX only answers here; certificate and key are in files of their own, which cannot be read at once.
  const callers = members.filter(({ server }) => server.driver === 'files');
  return callers.flatMap((from) =>
    members
      .filter((to) => to !== from)
      .map((to) => ({
        name: `${from.name} to ${to.name}`,
        host: '127.0.0.1',
        port: to.server.port,
        identity: () => identityOf(from),
        needs: [to.name],
      })),
  );
}
