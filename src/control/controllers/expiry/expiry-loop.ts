import type { KubeObject } from '#model/objects';
import { formatTimestamp } from '#model/objects';
import { expiryState, identityOf, isAlarming, judge, lifeOf, longestAlarmDays } from '#model/expiry';
import type { ExpiryMessage, WatchedCertificate } from '#model/expiry';
import { readExpiryTerm } from '#model/resources';
import type { Certificate, GatewayNode, Kind } from '#model/resources';
import type { WorkResult } from '#control/runtime';
import type { LoopChange, LoopContext } from '../context.ts';
import { QueueLoop } from '../queue-loop.ts';
import { Announcements } from './announcements.ts';
import { Arrivals } from './arrivals.ts';
import { eachTerm } from './each-term.ts';
import { everyNode } from './every-node.ts';
import { certificatesOf } from './managed-stores.ts';
import { keyOfObject, objectAt, watchedKinds } from './object-keys.ts';
import { earliest, newsOf } from './object-news.ts';
import type { SeenBackends } from './seen-backends.ts';
import type { SourceHealth } from './source-health.ts';

/** Keys that stand for no object. */
const schedule = 'schedule';
const overdue = 'overdue';
const backends = 'backends';

const minute = 60_000;
const windowMilliseconds = 60 * minute;
const reportsMilliseconds = 5000;
const longestAlarmMilliseconds = longestAlarmDays * 86_400_000;

export interface ExpiryLoopOptions {
  readonly seen: SeenBackends;
  readonly health: SourceHealth;
  readonly notify: (message: ExpiryMessage) => void;
}

/**
 * Tells when a certificate anywhere comes near its end. The indexes of the store are the schedule: once an hour what ends
 * soon is read off them, and only objects that come into another state within the hour are looked at, at that instant.
 * Certificates that renew themselves are looked at when their renewal is late; as a rule there are none.
 */
export class ExpiryLoop extends QueueLoop {
  readonly #watched: readonly Kind[];
  readonly #seen: SeenBackends;
  readonly #health: SourceHealth;
  readonly #told: Announcements;
  readonly #arrivals = new Arrivals();
  /** The last report of each node that has not been read. */
  readonly #reports = new Map<string, { readonly node: GatewayNode; readonly resync: boolean }>();
  readonly #loaded = Promise.withResolvers<void>();
  #windowEnds = 0;
  #overdueUntil = '';

  constructor(context: LoopContext, { seen, health, notify }: ExpiryLoopOptions) {
    const backOff = { firstMilliseconds: 1000, longestMilliseconds: minute };
    super(context, { name: 'expiry', concurrency: 4, backOff });
    this.#watched = watchedKinds(context);
    this.#seen = seen;
    this.#health = health;
    this.#told = new Announcements(context, { isSettled: () => this.busy() === 0, notify });
  }

  override async start(): Promise<void> {
    await this.#told.load();
    // A node that does not change is not handed out again after a restart.
    for await (const node of everyNode(this.context)) this.#seen.report(node);
    this.#loaded.resolve();
    for (const key of [schedule, overdue, backends]) this.queue.add(key);
  }

  override async stop(): Promise<void> {
    await this.#told.stop();
    await super.stop();
  }

  override onChange(change: LoopChange): void {
    if (change.kind.kind === 'GatewayNode') this.#nodeChanged(change as LoopChange<GatewayNode>);
    else if (!change.resync && change.type !== 'DELETED' && this.#watched.includes(change.kind)) this.#changed(change);
  }

  #changed({ kind, object, previous }: LoopChange): void {
    if (object.kind === 'Certificate' && hasSameEnd(object as Certificate, previous as Certificate | undefined)) return;
    const { alarming, replacing, nextChange } = newsOf(object, previous, this.context.clock.now());
    for (const certificate of replacing) this.#told.tell(object, certificate);
    const key = keyOfObject(kind, object.metadata.namespace, object.metadata.name);
    this.#arrivals.add(key, alarming.map(identityOf));
    if (alarming.length > 0) this.queue.add(key, object.metadata.resourceVersion);
    else this.#addSoon(key, nextChange);
  }

  /** Nodes report every change, with all that they have: reading the last report now and then is enough. */
  #nodeChanged({ type, object, resync }: LoopChange<GatewayNode>): void {
    const key = `${object.metadata.namespace ?? ''}/${object.metadata.name}`;
    if (type === 'DELETED') {
      this.#reports.delete(key);
      this.#seen.forget(object);
      return;
    }
    this.#reports.set(key, { node: object, resync });
    this.queue.addAt(backends, new Date(this.context.clock.now().getTime() + reportsMilliseconds));
  }

  /** Nothing is looked at before it is known what was told. */
  protected override async work(key: string): Promise<WorkResult> {
    await this.#loaded.promise;
    if (key === schedule) return this.#readSchedule();
    if (key === overdue) return this.#readOverdue();
    if (key === backends) return this.#lookAtBackends();
    return this.#lookAtObject(key);
  }

  /** What comes into another state before the window ends, and what did since it was last told. */
  async #readSchedule(): Promise<WorkResult> {
    const now = this.context.clock.now();
    this.#windowEnds = now.getTime() + windowMilliseconds;
    const to = formatTimestamp(new Date(this.#windowEnds + longestAlarmMilliseconds));
    for (const kind of this.#watched) await this.#health.note(kind, () => this.#readEnds(kind, to, now));
    await this.#addOverdue('');
    this.queue.add(backends);
    return { again: new Date(this.#windowEnds) };
  }

  async #readEnds(kind: Kind, to: string, now: Date): Promise<void> {
    for await (const { value, namespace, name } of eachTerm(this.context.store, kind, 'expiry', { from: '', to })) {
      const verdict = expiryState(lifeOf(readExpiryTerm(value)), now);
      const key = keyOfObject(kind, namespace, name);
      if (this.#told.isNews(verdict)) this.queue.add(key);
      else this.#addSoon(key, verdict.nextChange);
    }
  }

  #addSoon(key: string, at: Date | undefined): void {
    if (at !== undefined && at.getTime() <= this.#windowEnds) this.queue.addAt(key, at);
  }

  async #readOverdue(): Promise<WorkResult> {
    this.#overdueUntil = await this.#addOverdue(this.#overdueUntil);
    return { again: new Date(this.context.clock.now().getTime() + minute) };
  }

  /** Certificates whose renewal time went by at `from` or later, and who still have it. Answers up to when. */
  async #addOverdue(from: string): Promise<string> {
    const { store, kinds, clock } = this.context;
    const to = formatTimestamp(new Date(clock.now().getTime() - minute));
    const kind = kinds.certificate as unknown as Kind;
    for await (const { namespace, name } of eachTerm(store, kind, 'renewalTime', { from, to })) {
      this.queue.add(keyOfObject(kind, namespace, name));
    }
    return to;
  }

  async #lookAtObject(key: string): Promise<WorkResult> {
    const arrived = this.#arrivals.under(key);
    const object = await objectAt(this.context, this.#watched, key);
    const certificates = object === undefined ? [] : await certificatesOf(this.context, object);
    for (const certificate of certificates) {
      if (this.#isNews(certificate, arrived)) this.#told.tell(object!, certificate);
    }
    this.#arrivals.done(key, arrived);
    return { again: this.#nextChange(certificates) };
  }

  async #lookAtBackends(): Promise<WorkResult> {
    for (const { node, resync } of this.#reports.values()) {
      const fresh = this.#seen.report(node);
      if (!resync) this.#arrivals.add(backends, fresh);
    }
    this.#reports.clear();
    const arrived = this.#arrivals.under(backends);
    const certificates = [...this.#seen.certificates()];
    for (const certificate of certificates.filter((one) => this.#isNews(one, arrived))) {
      const gateway = await this.#gatewayOf(certificate);
      if (gateway !== undefined) this.#told.tell(gateway, certificate);
    }
    this.#arrivals.done(backends, arrived);
    return { again: this.#nextChange(certificates) };
  }

  #isNews(certificate: WatchedCertificate, arrived: ReadonlySet<string>): boolean {
    const verdict = judge(certificate, this.context.clock.now());
    return this.#told.isNews(verdict) || (isAlarming(verdict.state) && arrived.has(identityOf(certificate)));
  }

  /** When one of them comes into another state, if that is before the window ends. */
  #nextChange(certificates: readonly WatchedCertificate[]): Date | undefined {
    const now = this.context.clock.now();
    const first = earliest(certificates.map((certificate) => judge(certificate, now).nextChange));
    return first !== undefined && first.getTime() <= this.#windowEnds ? first : undefined;
  }

  async #gatewayOf({ source: { kind, namespace = '', name } }: WatchedCertificate): Promise<KubeObject | undefined> {
    const found = this.context.registry.byKind('chancery.dev/v1', kind);
    return found === undefined ? undefined : this.context.store.get({ kind: found, namespace, name });
  }
}

function hasSameEnd(certificate: Certificate, previous: Certificate | undefined): boolean {
  return previous !== undefined && previous.status?.notAfter === certificate.status?.notAfter;
}
