import { setTimeout as delay } from 'node:timers/promises';
import type { Seeded } from '../../crash/seeded.ts';
import { authority, certify, pem } from './backends.ts';
import { answered, distrusted, type Ledger, type Outcome } from './ledger.ts';
import type { NodeReports, NodeStatus } from './node-reports.ts';
import { namespace, type Front, type Place, type Scene } from './scene.ts';

const settleMilliseconds = 20_000;
const mostCertificates = 3;

/** Something that can be changed, one change after the other. */
interface Subject {
  change(): Promise<void>;
}

export interface ChangeCounts {
  added: number;
  replaced: number;
  removed: number;
  keystores: number;
  identities: number;
  /** Changes that the node has reported, and how long that took from the answer of the API. */
  settled: number;
  settledMilliseconds: number[];
}

export interface ChangeTools {
  readonly scene: Scene;
  readonly reports: NodeReports;
  readonly ledger: Ledger;
  readonly random: Seeded;
  readonly counts: ChangeCounts;
}

/** Makes a change every 50 to 100 ms, of whatever has no change under way, until `signal`; then lets the last ones settle. */
export async function makeChanges(tools: ChangeTools, signal: AbortSignal): Promise<void> {
  const { scene, random, ledger } = tools;
  const places = scene.places.filter(({ changes }) => changes).map((place) => new ChangingPlace(place, tools));
  const fronts = scene.fronts.map((front) => new ChangingFront(front, tools));
  const idle = new Set<Subject>([...places, ...fronts, new ChangingIdentity(tools)]);
  const running = new Set<Promise<void>>();
  while (!signal.aborted) {
    await delay(random.between(50, 100));
    if (idle.size === 0) continue;
    const subject = random.pick([...idle]);
    idle.delete(subject);
    const done: Promise<void> = subject
      .change()
      .then(() => void idle.add(subject))
      .catch((error: unknown) => ledger.problem(`a change failed: ${String(error)}`))
      .finally(() => running.delete(done));
    running.add(done);
  }
  await Promise.all(running);
}

/** What was added at a place; an entry is one EndpointCertificate. */
interface Added {
  readonly name: string;
  text: string;
  isRight: boolean;
  generation: number;
}

/** The endpoint certificates of one backend. */
class ChangingPlace implements Subject {
  readonly #place: Place;
  readonly #tools: ChangeTools;
  readonly #right: readonly string[];
  readonly #wrong: readonly string[];
  readonly #added: Added[] = [];
  #next = 1;

  constructor(place: Place, tools: ChangeTools) {
    const { ca, leaf, host } = place.backend;
    const namesake = authority(`${place.name} ca`);
    this.#place = place;
    this.#tools = tools;
    this.#right = place.trust === 'none' ? [] : [pem(ca), pem(leaf), pem(leaf, ca)];
    this.#wrong = [pem(namesake), pem(certify(host, namesake)), pem(authority('nobody'))];
  }

  /** One step, or several in a row of which the last can be told from all that was before. */
  async change(): Promise<void> {
    const { random, counts } = this.#tools;
    const steps = random.chance(0.25) ? random.between(1, 2) : 0;
    for (let step = 0; step < steps; step += 1) await this.#step();
    if (steps === 0 && this.#added.length > 0 && random.chance(0.4)) await this.#remove();
    else await this.#addOrReplace();
    const sent = performance.now();
    await this.#settle();
    counts.settled += 1;
    counts.settledMilliseconds.push(performance.now() - sent);
  }

  async #step(): Promise<void> {
    if (this.#added.length > 0 && this.#tools.random.chance(0.4)) await this.#remove();
    else await this.#addOrReplace();
  }

  #addOrReplace(): Promise<void> {
    const { random } = this.#tools;
    const isFull = this.#added.length >= mostCertificates;
    return isFull || (this.#added.length > 0 && random.chance(0.4)) ? this.#replace() : this.#add();
  }

  async #add(): Promise<void> {
    const entry: Added = { name: `${this.#place.name}-${this.#next++}`, generation: 1, ...this.#draw(undefined) };
    this.#added.push(entry);
    this.#tools.counts.added += 1;
    await this.#send(entry);
  }

  async #replace(): Promise<void> {
    const entry = this.#tools.random.pick(this.#added);
    Object.assign(entry, this.#draw(entry.text));
    this.#tools.counts.replaced += 1;
    await this.#send(entry);
  }

  async #remove(): Promise<void> {
    const { random, scene, counts } = this.#tools;
    const [entry] = this.#added.splice(random.between(0, this.#added.length - 1), 1);
    this.#announce();
    counts.removed += 1;
    await scene.remove('EndpointCertificate', entry!.name);
  }

  async #send(entry: Added): Promise<void> {
    const { name, text } = entry;
    this.#announce();
    const spec = { alias: name, endpoint: this.#place.endpoint, certificate: text };
    const force = { 'chancery.dev/force-delete': 'soak' };
    const { metadata } = await this.#tools.scene.put('EndpointCertificate', name, { spec }, force);
    entry.generation = metadata.generation ?? 0;
  }

  /** Another text than it had. */
  #draw(before: string | undefined): { text: string; isRight: boolean } {
    const isRight = this.#right.length > 0 && this.#tools.random.chance(0.6);
    const texts = (isRight ? this.#right : this.#wrong).filter((text) => text !== before);
    return { isRight, text: this.#tools.random.pick(texts) };
  }

  get #shallBe(): Outcome {
    if (this.#place.trust === 'truststore') return answered;
    return this.#added.some(({ isRight }) => isRight) ? answered : distrusted;
  }

  #announce(): void {
    this.#place.expectation.changing(this.#shallBe);
  }

  async #settle(): Promise<void> {
    const { reports, ledger } = this.#tools;
    const { name, expectation } = this.#place;
    const wanted = this.#added.map(({ name, generation }) => `${name}@${generation}`).toSorted();
    const outcome = this.#shallBe;
    if (await reports.until((status) => isInForce(status, name, wanted, outcome), settleMilliseconds)) {
      expectation.settled(outcome);
      return;
    }
    const report = reports.newest?.endpoints?.find(({ apis }) => apis.includes(`${namespace}/${name}`));
    ledger.problem(
      `${name} did not become ${outcome} by ${wanted.join(', ')}; the node says ${JSON.stringify(report)}`,
    );
  }
}

/** The node has loaded exactly that, and a handshake has shown that it comes to what it shall. */
function isInForce(status: NodeStatus, name: string, wanted: readonly string[], outcome: Outcome): boolean {
  const report = status.endpoints?.find(({ apis }) => apis.includes(`${namespace}/${name}`));
  if (report === undefined) return false;
  const used = (report.endpointCertificates ?? []).map(({ name, generation }) => `${name}@${generation}`).toSorted();
  if (used.join() !== wanted.join()) return false;
  if (outcome === answered) return report.state === 'proven';
  return report.state === 'failed' && report.code === 'backend-certificate-not-trusted';
}

/** The keystore of one host of the gateway. */
class ChangingFront implements Subject {
  readonly #front: Front;
  readonly #tools: ChangeTools;

  constructor(front: Front, tools: ChangeTools) {
    this.#front = front;
    this.#tools = tools;
  }

  async change(): Promise<void> {
    const { scene, reports, ledger, counts } = this.#tools;
    const { host, name, expectation } = this.#front;
    const next = certify(host, scene.frontCA);
    const { fingerprint } = next.certificate;
    expectation.changing(fingerprint);
    await scene.putPair(name, next);
    counts.keystores += 1;
    const isShown = ({ listeners }: NodeStatus): boolean =>
      listeners?.some((one) => one.host === host && one.fingerprint === fingerprint && one.state === 'proven') === true;
    if (await reports.until(isShown, settleMilliseconds)) expectation.settled(fingerprint);
    else ledger.problem(`${host} did not show its new certificate`);
  }
}

/** What the gateway shows to backends: the backends take the old and the new, so nothing else changes. */
class ChangingIdentity implements Subject {
  readonly #tools: ChangeTools;

  constructor(tools: ChangeTools) {
    this.#tools = tools;
  }

  async change(): Promise<void> {
    const { scene, counts, random } = this.#tools;
    await scene.putPair('identity', certify('gateway', scene.identityCA));
    counts.identities += 1;
    await delay(random.between(300, 600));
  }
}
