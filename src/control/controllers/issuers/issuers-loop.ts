import type { ClusterIssuer, Issuer, Kind } from '#model/resources';
import { nextIssuerStep } from '#model/certificates';
import type { WorkResult } from '#control/runtime';
import { updateStatus } from '../certificates/planned-writes.ts';
import type { LoopChange, LoopContext } from '../context.ts';
import { QueueLoop, keyOf, placeOf } from '../queue-loop.ts';
import { issuerSecretOf } from './find-issuer.ts';

const secretOf = 'secret:';
const pageSize = 500;
/** An issuer is looked at again at least this often, because its CA gets older without an event. */
const longestWaitMilliseconds = 6 * 3600_000;

type AnyIssuer = Issuer | ClusterIssuer;

/** Tells of each Issuer and ClusterIssuer whether it can sign, and how long its CA lives. Keys: `Issuer/ns/name`. */
export class IssuersLoop extends QueueLoop {
  /** Where issuers have, or had, their keys: nearly every Secret is none of them, and need not be looked up. */
  readonly #secrets = new Set<string>();

  constructor(context: LoopContext, concurrency: number) {
    super(context, {
      name: 'issuers',
      concurrency,
      backOff: { firstMilliseconds: 5000, longestMilliseconds: 300_000 },
    });
  }

  /** There are few of them, and each is worth a look after a restart. */
  override async start(): Promise<void> {
    const { kinds } = this.context;
    await this.#addAll(kinds.issuer);
    await this.#addAll(kinds.clusterIssuer);
  }

  async #addAll<T extends AnyIssuer>(kind: Kind<T>): Promise<void> {
    for (let next: string | undefined, first = true; first || next !== undefined; first = false) {
      const page = await this.context.store.list(
        { kind },
        { limit: pageSize, ...(next === undefined ? {} : { continue: next }) },
      );
      for (const issuer of page.items) this.#add(issuer);
      next = page.continue;
    }
  }

  #add(issuer: AnyIssuer, resourceVersion?: string): void {
    const { kind, metadata, spec } = issuer;
    const { namespace = '', name } = metadata;
    const place = kind === 'ClusterIssuer' ? this.context.clusterResourceNamespace : namespace;
    if (spec.ca !== undefined) this.#secrets.add(`${place}/${spec.ca.secretName}`);
    this.queue.add(`${kind}/${namespace}/${name}`, resourceVersion);
  }

  #signsWith(change: LoopChange): boolean {
    return !change.resync && this.#secrets.has(keyOf(change));
  }

  override onChange(change: LoopChange): void {
    const { kinds } = this.context;
    const { resourceVersion } = change.object.metadata;
    const { kind } = change;
    if (kind === kinds.issuer || kind === kinds.clusterIssuer) {
      if (change.type !== 'DELETED') this.#add(change.object as AnyIssuer, resourceVersion);
    } else if (kind === kinds.secret && this.#signsWith(change)) {
      this.queue.add(`${secretOf}${keyOf(change)}`, resourceVersion);
    }
  }

  protected override async work(key: string): Promise<WorkResult> {
    if (key.startsWith(secretOf)) return this.#addUsersOf(key.slice(secretOf.length));
    const [kindName = '', ...rest] = key.split('/');
    const place = placeOf(rest.join('/'));
    const { store, kinds } = this.context;
    const issuer: AnyIssuer | undefined =
      kindName === 'ClusterIssuer'
        ? await store.get({ kind: kinds.clusterIssuer, name: place.name })
        : await store.get({ kind: kinds.issuer, ...place });
    return issuer === undefined ? {} : this.#settle(issuer, kindName === 'ClusterIssuer');
  }

  /** The issuers that sign with this Secret. */
  async #addUsersOf(secretKey: string): Promise<WorkResult> {
    const { store, kinds, clusterResourceNamespace } = this.context;
    const { namespace, name } = placeOf(secretKey);
    const near = await store.list(
      { kind: kinds.issuer, namespace },
      { index: { name: 'secretName', value: secretKey } },
    );
    for (const { metadata } of near.items) this.queue.add(`Issuer/${namespace}/${metadata.name}`);
    if (namespace !== clusterResourceNamespace) return {};
    const wide = await store.list({ kind: kinds.clusterIssuer }, { index: { name: 'secretName', value: name } });
    for (const { metadata } of wide.items) this.queue.add(`ClusterIssuer//${metadata.name}`);
    return {};
  }

  async #settle(issuer: AnyIssuer, isCluster: boolean): Promise<WorkResult> {
    const { store, kinds, clock, clusterResourceNamespace, events } = this.context;
    const secretNamespace = isCluster ? clusterResourceNamespace : (issuer.metadata.namespace ?? '');
    const secret = await issuerSecretOf(this.context, issuer, secretNamespace);
    const step = nextIssuerStep({ now: clock.now(), issuer, secretNamespace, secret });
    if (step.do === 'wait') return { again: this.#again(step.until) };
    if (step.do === 'ask') throw new Error('no decision about an issuer needs a key');
    const kind = (isCluster ? kinds.clusterIssuer : kinds.issuer) as Kind<AnyIssuer>;
    const [stored] = await store.sequence([updateStatus(kind, step.change.issuer)]);
    for (const remark of step.remarks) events.record({ about: stored!, ...remark });
    const { until } = nextIssuerStep({ now: clock.now(), issuer: stored as AnyIssuer, secretNamespace, secret }) as {
      until?: Date;
    };
    return { wrote: [stored!.metadata.resourceVersion], again: this.#again(until) };
  }

  #again(until: Date | undefined): Date | undefined {
    if (until === undefined) return undefined;
    const latest = this.context.clock.now().getTime() + longestWaitMilliseconds;
    return new Date(Math.min(until.getTime(), latest));
  }
}
