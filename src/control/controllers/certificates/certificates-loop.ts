import type { KubeObject } from '#model/objects';
import { controllerOf } from '#model/objects';
import { certManagerKeys, namespacedTerm, refTerm } from '#model/resources';
import type { Certificate, Rotation, Secret } from '#model/resources';
import { rotationDue } from '#model/certificates';
import type { CertificateSnapshot } from '#model/certificates';
import { Scheduler } from '#control/runtime';
import type { WorkResult } from '#control/runtime';
import type { LoopChange, LoopContext } from '../context.ts';
import { QueueLoop, keyOf, placeOf } from '../queue-loop.ts';
import { allTerms } from '../scan.ts';
import { CertificateRun } from './advance.ts';
import type { Advanced, Told } from './advance.ts';
import { beginRotation } from './begin-rotation.ts';
import { commit } from './commit.ts';
import { gatherCertificate } from './gather.ts';

const windowMilliseconds = 3600_000;
/** A machine that has not come to rest after so many steps turns in circles. */
const mostSteps = 64;

/** Makes every Certificate true: key, request, Secret, status, renewal. */
export class CertificatesLoop extends QueueLoop {
  readonly #scheduler: Scheduler;
  /** Secrets (`ns/name`) that several Certificates claim and none has written yet. */
  readonly #contested = new Set<string>();

  constructor(context: LoopContext, concurrency: number) {
    super(context, {
      name: 'certificates',
      concurrency,
      backOff: { firstMilliseconds: 1000, longestMilliseconds: 30_000 },
    });
    this.#scheduler = new Scheduler({
      store: context.store,
      kind: context.kinds.certificate,
      index: 'renewalTime',
      clock: context.clock,
      windowMilliseconds,
      leadMilliseconds: context.settings.renewalSpreadSeconds * 1000,
      onDue: (namespace, name, at) => this.queue.addAt(`${namespace}/${name}`, at),
      onFailure: (error) =>
        context.log.warn({ problem: String(error) }, 'the renewals of the next hour could not be read'),
    });
  }

  /** What a restart must look at: what is not settled, and what is due. */
  override async start(): Promise<void> {
    const { kinds } = this.context;
    for await (const key of allTerms(this.context.store, kinds.certificate, 'unsettled')) this.queue.add(key);
    await this.#scheduler.start();
  }

  override onChange(change: LoopChange): void {
    const { kinds } = this.context;
    if (change.kind === kinds.certificate) this.#certificateChanged(change as LoopChange<Certificate>);
    else if (change.kind === kinds.rotation) this.#rotationChanged(change as LoopChange<Rotation>);
    else if (change.own) this.#ownChanged(change);
    else if (change.kind === kinds.request) this.#dependentChanged(change);
    else if (change.kind === kinds.secret) this.#secretChanged(change);
  }

  override async stop(): Promise<void> {
    this.#scheduler.stop();
    await super.stop();
  }

  #certificateChanged(change: LoopChange<Certificate>): void {
    const { object, own, type, previous } = change;
    if (!own) this.queue.add(keyOf(change), object.metadata.resourceVersion);
    if (type === 'DELETED') this.#askClaimants(object);
    else if (previous !== undefined && previous.spec.secretName !== object.spec.secretName)
      this.#askClaimants(previous);
  }

  /** While it runs nothing else replaces its CA; what fell due meanwhile is looked at when it is over. */
  #rotationChanged({ object, type }: LoopChange<Rotation>): void {
    const { certificateRef } = object.spec;
    const isNews = type !== 'MODIFIED' || object.status?.completedTime !== undefined;
    if (certificateRef !== undefined && isNews) this.queue.add(refTerm(certificateRef, object.metadata.namespace));
  }

  #ownChanged(change: LoopChange): void {
    if (change.kind !== this.context.kinds.secret || !this.#contested.delete(keyOf(change))) return;
    this.queue.add(`${claimantsOf}${keyOf(change)}`, change.object.metadata.resourceVersion);
  }

  /** A request or a key tells of its Certificate by its owner. */
  #dependentChanged({ object }: LoopChange): void {
    const owner = controllerOf(object);
    if (owner?.kind !== 'Certificate') return;
    this.queue.add(`${object.metadata.namespace ?? ''}/${owner.name}`, object.metadata.resourceVersion);
  }

  #secretChanged(change: LoopChange<Secret>): void {
    const { metadata } = change.object;
    if (metadata.labels?.[certManagerKeys.nextPrivateKeyLabel] === 'true') return this.#dependentChanged(change);
    const named = metadata.annotations?.[certManagerKeys.certificateName];
    if (named !== undefined) this.queue.add(`${metadata.namespace ?? ''}/${named}`, metadata.resourceVersion);
    this.queue.add(`${claimantsOf}${keyOf(change)}`, metadata.resourceVersion);
  }

  /** Who else names the same Secret may have become its owner. */
  #askClaimants({ metadata, spec }: Certificate): void {
    this.queue.add(`${claimantsOf}${namespacedTerm(metadata.namespace, spec.secretName)}`, metadata.resourceVersion);
  }

  protected override async work(key: string): Promise<WorkResult> {
    if (key.startsWith(claimantsOf)) return this.#addClaimants(key.slice(claimantsOf.length));
    const { namespace, name } = placeOf(key);
    const snapshot = await gatherCertificate(this.context, namespace, name);
    return snapshot === undefined ? {} : this.#settle(await this.#rotating(snapshot));
  }

  /** Begins a Rotation of a CA that is due and that others rest on; from then on that one replaces it. */
  async #rotating(snapshot: CertificateSnapshot): Promise<CertificateSnapshot> {
    const why = rotationDue(snapshot);
    if (why === undefined) return snapshot;
    await beginRotation(this.context, snapshot.certificate, why);
    return { ...snapshot, rotation: 'running' };
  }

  async #addClaimants(secretTerm: string): Promise<WorkResult> {
    const { store, kinds } = this.context;
    const { namespace } = placeOf(secretTerm);
    const index = { name: 'secretName', value: secretTerm };
    const { items } = await store.list({ kind: kinds.certificate, namespace }, { index, limit: 500 });
    for (const { metadata } of items) this.queue.add(`${namespace}/${metadata.name}`);
    return {};
  }

  /** Runs the machine until it waits. Where commits are atomic, all its steps are one commit; else each is its own. */
  async #settle(snapshot: CertificateSnapshot): Promise<WorkResult> {
    const run = new CertificateRun(this.context);
    const { atomic } = this.context.store;
    const wrote: string[] = [];
    const told: Told[] = [];
    let stored = snapshot;
    let last: Advanced = { state: snapshot, told: [], waits: false };
    for (let step = 0; !last.waits; step += 1) {
      if (step > mostSteps) throw new Error('the decisions about the certificate do not come to an end');
      last = await run.advance(last.state, atomic);
      told.push(...last.told);
      if (atomic && !last.waits) continue;
      const done = await commit(this.context, stored, last.state);
      wrote.push(...done.wrote);
      stored = done.stored;
      last = { ...last, state: stored };
      this.#tell(told.splice(0), stored);
    }
    this.#noteContest(stored);
    if (last.retry !== undefined) throw new Error(last.retry);
    return { wrote, again: snapshot.rotationRestsUntil ?? this.#soon(last.until, stored.certificate) };
  }

  /**
   * A Certificate that waits for a Secret which another one will write must learn when it is written, although the loop's
   * own writes are not looked at. All claimants look once more at once: the Secret may have come just before.
   */
  #noteContest({ certificate, secret, secretRivals }: CertificateSnapshot): void {
    if (secret !== undefined || secretRivals.length === 0) return;
    const term = namespacedTerm(certificate.metadata.namespace, certificate.spec.secretName);
    if (this.#contested.has(term)) return;
    this.#contested.add(term);
    this.queue.add(`${claimantsOf}${term}`);
  }

  /**
   * What is due later than the window is found by the scheduler when its time comes near; that is, by the index of the
   * times in the status. A certificate that was never issued has none.
   */
  #soon(until: Date | undefined, { status }: Certificate): Date | undefined {
    if (until === undefined) return undefined;
    const isIndexed = status?.renewalTime !== undefined || status?.notAfter !== undefined;
    const isNear = until.getTime() - this.context.clock.now().getTime() <= 2 * windowMilliseconds;
    return isNear || !isIndexed ? until : undefined;
  }

  #tell(told: readonly Told[], { certificate, requests }: CertificateSnapshot): void {
    for (const { kind, name, remark } of told) {
      const about: KubeObject | undefined =
        kind === 'Certificate' ? certificate : requests.find(({ metadata }) => metadata.name === name);
      if (about !== undefined) this.context.events.record({ about, ...remark });
    }
  }
}

/** Marks keys that stand for a Secret: all Certificates that name it are to be looked at. */
const claimantsOf = 'secret:';
