import { isCoded } from '#errors';
import type { Certificate } from '#pki/x509';
import {
  builtinKinds,
  certificateKind,
  createRegistry,
  secretKind,
  trustBundleKind,
  workloadKind,
} from '#model/resources';
import type { InstanceReport, Kind } from '#model/resources';
import { objectTerm } from '#model/stores';
import { openMemoryStore } from '#control/store';
import type { ResourceStore } from '#control/store';
import { FakeClock } from '#control/runtime';
import { namespace, startPlaneWithCA } from '../test-plane.ts';
import type { TestPlane } from '../test-plane.ts';
import { change, get } from '../test-tls-objects.ts';
import { declareEstate, isOver, rotate, rotation } from './test-estate.ts';
import { FaultyNode } from './test-faulty-node.ts';
import type { Context, World } from './test-faulty-node.ts';
import { mortalStore } from './test-mortal-store.ts';
import type { Life } from './test-mortal-store.ts';
import { writeReport } from './test-report.ts';

interface Move {
  readonly name: string;
  readonly run: () => unknown;
}

const kinds: readonly Kind[] = [secretKind, certificateKind, trustBundleKind, workloadKind];
const instances = ['web/web-1', 'api/one', 'api/two'];
const mostRotations = 2;

/**
 * The real loops over instances that are late, crash and see old things, and over a network that loses, delays and doubles
 * their reports; the loops are killed at any write. What happens next is chosen from outside.
 */
export class FaultyEstate implements AsyncDisposable {
  readonly plane: TestPlane;
  readonly steps: string[] = [];
  readonly nodes: readonly FaultyNode[];
  readonly #whole: ResourceStore;
  readonly #life: Life;
  readonly #accepted = new Map<string, boolean>();
  #rotations = 0;

  private constructor(plane: TestPlane, whole: ResourceStore, life: Life) {
    this.plane = plane;
    this.#whole = whole;
    this.#life = life;
    this.nodes = instances.map((key) => new FaultyNode(key, plane.clock.now()));
  }

  /** Everything is proven, and a rotation has been asked for. */
  static async open(): Promise<FaultyEstate> {
    const clock = new FakeClock();
    const whole = openMemoryStore({ registry: createRegistry(builtinKinds), now: () => clock.now() });
    const life: Life = { left: Infinity, writes: 0 };
    const plane = await startPlaneWithCA({ store: mortalStore(whole, life, true), clock });
    const estate = new FaultyEstate(plane, whole, life);
    await declareEstate(plane);
    await estate.#calmly(async () => (await get(plane, 'Workload', 'api')).status?.counts?.proven === 2);
    await estate.#rotateAgain();
    return estate;
  }

  /** Does one thing of those that can be done. */
  async step(choice: number): Promise<void> {
    const sorts = [this.#planeMoves(), this.#turns(), this.#reportMoves(), this.#turns(), this.#nodeMoves().flat()];
    const moves = choice % 31 === 0 ? this.#rareMoves(choice) : sorts[choice % sorts.length]!;
    const move = moves[Math.floor(choice / 31) % moves.length]!;
    this.steps.push(move.name);
    await move.run();
  }

  /** From now on all goes well. Answers the results of the rotations. */
  async settle(): Promise<(string | undefined)[]> {
    const names = Array.from({ length: this.#rotations }, (_, at) => rotationName(at + 1));
    await this.#calmly(async () => (await Promise.all(names.map((name) => isOver(this.plane, name)))).every(Boolean));
    return Promise.all(names.map(async (name) => (await rotation(this.plane, name)).status?.result));
  }

  /** A connection of those that were declared, which would be refused now. */
  refused(): string | undefined {
    const [web, ...servers] = this.nodes;
    for (const server of servers) {
      for (const listener of ['first', 'second']) {
        const wrong = this.#refusal(server, listener, web!, 'roots');
        if (wrong !== undefined) return wrong;
      }
      const wrong = this.#refusal(web!, 'client', server, 'clients');
      if (wrong !== undefined) return wrong;
    }
    return undefined;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.plane.controllers.stop();
    await this.#whole.close();
  }

  #refusal(presenter: FaultyNode, identity: string, verifier: FaultyNode, trust: string): string | undefined {
    for (const [at, shown] of presenter.contexts.entries()) {
      for (const [against, trusting] of verifier.contexts.entries()) {
        if (this.#isAccepted(shown, identity, trusting, trust)) continue;
        const [one, other] = [at, against].map((which) => ['on disk', 'running'][which] ?? 'older');
        return `${identity} of ${presenter.instance} (${one}) is refused by ${verifier.instance} (${other})`;
      }
    }
    return undefined;
  }

  #isAccepted(shown: Context, identity: string, trusting: Context, trust: string): boolean {
    const [presented, trusted] = [shown.get(identity)?.certificates, trusting.get(trust)?.certificates];
    if (presented === undefined || trusted === undefined) return true;
    return presented.some((one) => trusted.some((anchor) => this.#isSigned(one, anchor)));
  }

  #isSigned(certificate: Certificate, anchor: Certificate): boolean {
    const key = `${certificate.fingerprint} ${anchor.fingerprint}`;
    const known = this.#accepted.get(key);
    if (known !== undefined) return known;
    const isSigned = certificate.isSignedBy(anchor);
    this.#accepted.set(key, isSigned);
    return isSigned;
  }

  #planeMoves(): Move[] {
    return [1, 50, 250, 1000, 5000].map((milliseconds) => ({
      name: `${milliseconds} ms pass`,
      run: () => this.plane.pass(milliseconds),
    }));
  }

  #rareMoves(choice: number): Move[] {
    const writes = choice % 7;
    return [
      { name: `the control plane is killed after ${writes} writes`, run: () => this.#kill(writes) },
      { name: 'the control plane is killed', run: () => this.#kill(0) },
      { name: 'somebody asks for another rotation', run: () => this.#rotateAgain() },
      ...(choice % 5 === 0 ? [{ name: 'somebody asks for the way back', run: () => this.#rollback() }] : []),
    ];
  }

  async #kill(writes: number): Promise<void> {
    this.#life.left = writes;
    await this.plane.pass(1000);
    await this.plane.controllers.stop();
    this.#life.left = Infinity;
    await this.plane.restart();
  }

  /** Refused once the old CA is distrusted. */
  async #rollback(): Promise<void> {
    try {
      await change(this.plane, 'Rotation', rotationName(this.#rotations), { rollback: true });
    } catch (error) {
      if (!isCoded(error)) throw error;
    }
  }

  async #rotateAgain(): Promise<void> {
    if (this.#rotations >= mostRotations) return;
    this.#rotations += 1;
    await rotate(this.plane, {}, rotationName(this.#rotations));
  }

  /** What an instance does one after the other, as far as it comes. */
  #turns(): Move[] {
    return this.#nodeMoves().flatMap((moves, at) => {
      const node = this.nodes[at]!;
      const whole = [...moves.slice(0, -1), ...this.#deliveries(node)];
      return whole.map(({ name }, last) => ({
        name: `${node.instance} sees, writes, loads, and so on until: ${name}`,
        run: async () => {
          for (const { run } of whole.slice(0, last + 1)) await run();
        },
      }));
    });
  }

  #deliveries(node: FaultyNode): Move[] {
    return [
      { name: 'sends a report', run: () => this.#send(node) },
      { name: 'its report arrives', run: () => this.#arrive(node, node.underWay.length - 1) },
    ];
  }

  /** In the order in which an instance does them when all goes well; the last is that it crashes. */
  #nodeMoves(): Move[][] {
    const { clock } = this.plane;
    return this.nodes.map((node): Move[] => {
      const name = node.instance;
      return [
        { name: `${name} sees its Workload`, run: () => this.#seeWorkload(node) },
        { name: `${name} sees certificates and bundles`, run: () => this.#seeRest(node) },
        { name: `${name} writes`, run: () => node.write(clock.now()) },
        { name: `${name} loads`, run: () => node.load(clock.now()) },
        { name: `${name} ends what is older`, run: () => node.endOlder() },
        { name: `${name} proves`, run: () => node.prove(clock.now()) },
        { name: `${name} crashes`, run: () => node.crash(clock.now()) },
      ];
    });
  }

  async #seeWorkload(node: FaultyNode): Promise<void> {
    node.seeWorkload(await this.#world(), namespace);
  }

  async #seeRest(node: FaultyNode): Promise<void> {
    node.seeRest(await this.#world());
  }

  #reportMoves(): Move[] {
    return this.nodes.flatMap((node) => {
      const { instance: name, underWay } = node;
      const arrivals = underWay.flatMap((report, which) => [
        { name: `report ${which} of ${name} arrives`, run: () => this.#arrive(node, which) },
        { name: `a copy of report ${which} of ${name} arrives`, run: () => this.#apply(node, report) },
        { name: `report ${which} of ${name} is lost`, run: () => void underWay.splice(which, 1) },
      ]);
      return [{ name: `${name} sends a report`, run: () => this.#send(node) }, ...arrivals];
    });
  }

  /** Only so many are under way; the first is lost for the next. */
  #send(node: FaultyNode): void {
    if (node.underWay.push(node.report(this.plane.clock.now())) > 3) node.underWay.shift();
  }

  #arrive(node: FaultyNode, which: number): Promise<void> {
    const [report] = node.underWay.splice(which, 1);
    return this.#apply(node, report!);
  }

  #apply({ workload: name }: FaultyNode, report: InstanceReport): Promise<void> {
    return writeReport(this.plane.store, { namespace, name }, report);
  }

  async #world(): Promise<World> {
    const lists = await Promise.all(kinds.map((kind) => this.plane.store.list({ kind, namespace })));
    const objects = lists.flatMap(({ items }) => items);
    return new Map(objects.map((one) => [objectTerm(one.kind as 'Secret', namespace, one.metadata.name), one]));
  }

  /** Rounds in which every instance does all that it should, and each report arrives. */
  async #calmly(done: () => Promise<boolean>): Promise<void> {
    for (let round = 0; round < 150; round += 1) {
      await this.plane.pass(1000);
      if (await done()) return;
      for (const node of this.nodes) await this.#calmRound(node);
    }
  }

  async #calmRound(node: FaultyNode): Promise<void> {
    node.underWay.length = 0;
    const moves = this.#nodeMoves()[this.nodes.indexOf(node)]!.slice(0, -1);
    for (const { run } of [...moves, ...this.#deliveries(node)]) await run();
  }
}

const rotationName = (number: number): string => `turn-${number}`;
