import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rotationKind, type Rotation, type RotationSpec, type RotationStatus } from '#model/resources';
import { AgentProcess, enrol } from '../rotation-kill/agents.ts';
import { Calls, Outages, type Tally } from '../rotation-kill/calls.ts';
import { authority, declareEstate, namespace, object, untilReached, type Member } from '../rotation-kill/estate.ts';
import { MortalPlane } from '../rotation-kill/plane.ts';
import { Sightings } from '../rotation-kill/sightings.ts';
import { until } from '../rotation-kill/until.ts';
import { addresses } from './namespaces.ts';
import { furnish, open, Relay, routesFrom, siteNames, siteServer, type SiteServer } from './site.ts';
import { inSouth, South } from './south.ts';

const apiPort = 9443;

/** What was found in both sites together. */
export interface Found {
  readonly handshakes: number;
  readonly cut: number;
  readonly failures: readonly string[];
  /** Handshakes from one site to the other. */
  readonly across: number;
  readonly problems: readonly string[];
}

/**
 * The northern site, where this process and the control plane are, and the southern one beyond a link. In each run the
 * same servers under an agent of the site; all of them call each other.
 */
export class TwoSites {
  readonly sightings = new Sightings();
  readonly #folder = mkdtempSync(join(tmpdir(), 'chancery-sites-'));
  readonly #outages = new Outages();
  readonly #servers: readonly SiteServer[];
  readonly #restarting: readonly string[];
  readonly #agents: AgentProcess[] = [];
  #plane: MortalPlane | undefined;
  #relay: Relay | undefined;
  #south: South | undefined;
  #calls: Calls | undefined;
  #watching: Promise<void> = Promise.resolve();

  private constructor(how: Readonly<Record<string, 'signal' | 'restart'>>) {
    const here = join(this.#folder, 'here');
    this.#servers = Object.entries(how).map(([name, type], at) => siteServer(name, join(here, name), 8441 + at, type));
    this.#restarting = Object.keys(how).filter((name) => how[name] === 'restart');
  }

  static async open(how: Readonly<Record<string, 'signal' | 'restart'>>): Promise<TwoSites> {
    const sites = new TwoSites(how);
    await sites.#open();
    return sites;
  }

  get plane(): MortalPlane {
    return this.#plane!;
  }

  async #open(): Promise<void> {
    const [here, north, south] = ['here', 'north', 'south'].map((name) => {
      mkdirSync(join(this.#folder, name));
      return join(this.#folder, name);
    }) as [string, string, string];
    execFileSync('mount', ['--bind', north, here]);
    const below = inSouth(south, here);
    this.#south = new South(below, { servers: this.#servers, restarting: this.#restarting });
    await this.#south.ask('furnish');
    for (const server of this.#servers) furnish(server);
    this.#plane = await MortalPlane.start(join(this.#folder, 'plane'));
    this.#relay = await Relay.listen(addresses.north, apiPort, this.plane.port);
    await declareEstate(this.plane.client, this.#members);
    await this.#startAgents(below);
    await untilReached(this.plane.client, 'persisted');
    await this.#south.ask('open');
    for (const server of this.#servers) await open('north', server);
    await untilReached(this.plane.client, 'exclusive');
    await this.#begin();
  }

  get #members(): Member[] {
    return this.#servers.flatMap(({ name, server }) =>
      siteNames.map((site) => ({ name, site, instance: site, server })),
    );
  }

  async #startAgents(below: readonly string[]): Promise<void> {
    const route = { server: `https://${addresses.north}:${apiPort}`, serverName: 'localhost' };
    for (const site of siteNames) {
      const members = this.#members.filter((one) => one.site === site);
      const order = await enrol(site, members, this.#folder, this.plane.kubeconfig, this.plane.access);
      const isSouth = site === 'south';
      const agent = new AgentProcess(site, isSouth ? { ...order, route } : order, isSouth ? below : []);
      this.#agents.push(agent);
      await agent.start();
    }
  }

  async #begin(): Promise<void> {
    this.follow();
    await until('the CA in the watch', 20, () => this.sightings.authorities.seen.size === 1 || undefined);
    if (this.#restarting.length > 0) this.#outages.begin('restarts');
    await this.#south!.ask('call');
    this.#calls = new Calls(routesFrom('north', this.#servers, this.#restarting), this.#outages);
  }

  follow(): void {
    this.#watching = this.sightings.follow(this.plane.client);
  }

  /** The control plane dies with the machine that it runs on: nobody beyond a cut link hears of that. */
  async restartPlane(): Promise<void> {
    this.#relay!.forget();
    await this.plane.kill();
    await this.#watching;
    await this.plane.start();
    this.follow();
  }

  async rotate(name: string, spec: Partial<RotationSpec> = {}): Promise<void> {
    const turn = object('chancery.dev/v1', 'Rotation', name, {
      spec: { certificateRef: { name: authority }, ...spec },
    });
    await this.plane.client.create(rotationKind, turn);
  }

  async status(name: string): Promise<RotationStatus> {
    return (await this.plane.client.get<Rotation>(rotationKind, name, namespace)).status ?? {};
  }

  /** Waits for the next stage; fails with how things stand. */
  async beyond(name: string, generation: number): Promise<RotationStatus> {
    const status = await this.sightings.beyond(name, generation, 90);
    if (status !== undefined) return status;
    const said = this.#agents.map((agent) => `${agent.name}: ${agent.said}`);
    throw new Error(`${name} stands still: ${JSON.stringify(await this.status(name))} ${said.join('\n')}`);
  }

  /** The end at `site` of the link goes down: there nothing is sent, at the other end nothing arrives. */
  async cut(site: (typeof siteNames)[number]): Promise<void> {
    this.#outages.begin('link');
    await this.#south!.ask('cut');
    setLink(site, 'down');
  }

  async mend(site: (typeof siteNames)[number]): Promise<void> {
    setLink(site, 'up');
    this.#outages.end('link');
    await this.#south!.ask('mend');
  }

  async stop(): Promise<Found> {
    await this.#calls!.stop();
    const tallies = [this.#calls!.tally, (await this.#south!.ask('stop'))!];
    const { sightings } = this;
    return { ...sum(tallies), problems: [...sightings.problems, ...sightings.authorities.problems] };
  }
}

function setLink(site: (typeof siteNames)[number], state: 'up' | 'down'): void {
  const set = ['link', 'set', site, state];
  execFileSync('ip', site === 'north' ? set : ['netns', 'exec', 'south', 'ip', ...set]);
}

function sum(tallies: readonly Tally[]): Omit<Found, 'problems'> {
  const plus = (count: (one: Tally) => number): number => tallies.reduce((total, one) => total + count(one), 0);
  const isAcross = (route: string): boolean => route.includes('north') && route.includes('south');
  return {
    handshakes: plus(({ good }) => good),
    cut: plus(({ cut }) => cut),
    failures: tallies.flatMap(({ failures }) => failures),
    across: plus(({ perRoute }) =>
      Object.entries(perRoute).reduce((total, [route, count]) => total + (isAcross(route) ? count : 0), 0),
    ),
  };
}
