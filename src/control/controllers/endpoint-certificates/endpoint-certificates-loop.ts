import { endpointTerm, readEndpoint } from '#model/resources';
import type { API, EndpointCertificate, Gateway, GatewayNode } from '#model/resources';
import {
  callsEndpoint,
  changesBetween,
  endpointCertificateStatus,
  mostShared,
  nodeProgress,
  readContents,
  reportOf,
  usersAmong,
} from '#model/statuses';
import type { NodeReport } from '#model/statuses';
import type { WorkResult } from '#control/runtime';
import type { LoopChange, LoopContext } from '../context.ts';
import { placeOf } from '../queue-loop.ts';
import { readinessRemark } from '../remarks.ts';
import { StatusLoop, allObjects } from '../status-loop.ts';
import { termOf } from '../usage/direct-users.ts';
import { usedByFields } from '../usage/used-by-fields.ts';

const certificateKey = 'EndpointCertificate ';
const endpointKey = 'endpoint:';
const everyKey = 'every';

/**
 * Nodes report in bursts, and one status tells of them all. Every node hears of every status: the more there are, the longer a
 * status waits for the rest of them.
 */
const burstMilliseconds = 25;
const burstMillisecondsPerNode = 2;
const longestBurstMilliseconds = 250;
const everyMilliseconds = 500;

/**
 * Tells of each EndpointCertificate what it is, where it counts, who uses it and how far it has come among the nodes.
 * Keys: `EndpointCertificate ns/name`; `endpoint:host:port`, all for that endpoint; `every`, all there are.
 */
export class EndpointCertificatesLoop extends StatusLoop {
  /** What nodes said last, and what gateways call, both in short: there are few of them. */
  readonly #nodes = new Map<string, NodeReport>();
  readonly #gateways = new Map<string, Gateway>();

  constructor(context: LoopContext, concurrency: number) {
    super(context, {
      name: 'endpointcertificates',
      concurrency,
      backOff: { firstMilliseconds: 500, longestMilliseconds: 60_000 },
    });
  }

  override async start(): Promise<void> {
    const { store, kinds } = this.context;
    for await (const gateway of allObjects(store, kinds.gateway)) this.#noteGateway(gateway);
    for await (const node of allObjects(store, kinds.gatewayNode)) this.#nodes.set(termOf(node), reportOf(node));
    await this.addAll(kinds.endpointCertificate);
  }

  override onChange(change: LoopChange): void {
    const { kinds } = this.context;
    if (change.kind === kinds.gatewayNode) this.#nodeChanged(change as LoopChange<GatewayNode>);
    else if (change.kind === kinds.api) this.#apiChanged(change);
    else if (change.kind === kinds.gateway) this.#gatewayChanged(change as LoopChange<Gateway>);
    else if (change.kind === kinds.endpointCertificate)
      this.#certificateChanged(change as LoopChange<EndpointCertificate>);
  }

  #certificateChanged({ type, object, own }: LoopChange<EndpointCertificate>): void {
    const { resourceVersion } = object.metadata;
    if (type !== 'DELETED') {
      if (!own) this.queue.add(termOf(object), resourceVersion);
      return;
    }
    for (const term of object.status?.sharedWith ?? []) this.queue.add(certificateKey + term, resourceVersion);
  }

  #nodeChanged({ type, object }: LoopChange<GatewayNode>): void {
    const term = termOf(object);
    const before = this.#nodes.get(term);
    const after = type === 'DELETED' ? undefined : reportOf(object);
    if (after === undefined) this.#nodes.delete(term);
    else this.#nodes.set(term, after);
    const changed = changesBetween(before, after);
    if (changed === 'all') this.#askEvery();
    else for (const one of changed) this.queue.addAt(certificateKey + one, this.#soon(this.#burst));
  }

  #gatewayChanged({ type, object, previous }: LoopChange<Gateway>): void {
    if (type === 'MODIFIED' && previous?.metadata.generation === object.metadata.generation) return;
    if (type === 'DELETED') this.#gateways.delete(termOf(object));
    else this.#noteGateway(object);
    this.#askEvery();
  }

  #apiChanged({ type, kind, object, previous }: LoopChange): void {
    if (type === 'MODIFIED' && previous?.metadata.generation === object.metadata.generation) return;
    const { resourceVersion } = object.metadata;
    for (const one of [object, previous]) {
      const terms = one === undefined ? [] : kind.indexes['endpoint']!(one);
      for (const term of terms) this.queue.add(endpointKey + term, resourceVersion);
    }
  }

  /** Hosts are none of this loop's business, and a gateway may have thousands. */
  #noteGateway(gateway: Gateway): void {
    this.#gateways.set(termOf(gateway), { ...gateway, spec: { ...gateway.spec, sni: [] } });
  }

  get #burst(): number {
    return Math.min(longestBurstMilliseconds, burstMilliseconds + burstMillisecondsPerNode * this.#nodes.size);
  }

  #askEvery(): void {
    this.queue.addAt(everyKey, this.#soon(everyMilliseconds));
  }

  #soon(milliseconds: number): Date {
    return new Date(this.context.clock.now().getTime() + milliseconds);
  }

  protected override async work(key: string): Promise<WorkResult> {
    const { store, kinds } = this.context;
    if (key === everyKey) await this.addAll(kinds.endpointCertificate);
    else if (key.startsWith(endpointKey)) await this.#addFor(key.slice(endpointKey.length));
    else {
      const place = placeOf(key.slice(certificateKey.length));
      const certificate = await store.get({ kind: kinds.endpointCertificate, ...place });
      if (certificate !== undefined) return this.#settle(certificate);
    }
    return {};
  }

  async #addFor(term: string): Promise<void> {
    for (const one of await this.#found('endpoint', term)) this.queue.add(termOf(one));
  }

  async #settle(certificate: EndpointCertificate): Promise<WorkResult> {
    const { clock, kinds, events } = this.context;
    const now = clock.now();
    const reading = readContents(certificate, now);
    const apis = await this.#usersOf(certificate);
    const fingerprint = 'problem' in reading ? undefined : reading.certificates[0]?.fingerprint;
    const sharers = fingerprint === undefined ? [] : await this.#sharersOf(certificate, fingerprint);
    const surroundings = {
      usedBy: usedByFields(apis),
      sharedWith: sharers.map(nameOf),
      nodes: nodeProgress(nameOf(certificate), certificate.metadata.generation ?? 0, this.#nodesFor(certificate, apis)),
    };
    const { status, nextChange } = endpointCertificateStatus(certificate, reading, surroundings, now);
    const wrote = await this.write(kinds.endpointCertificate, certificate, status);
    const remark = readinessRemark(certificate, status);
    if (wrote.length > 0 && remark !== undefined) events.record({ about: certificate, ...remark });
    this.#tellSharers(certificate, sharers);
    return { wrote, again: nextChange };
  }

  async #usersOf(certificate: EndpointCertificate): Promise<API[]> {
    const endpoint = readEndpoint(certificate.spec.endpoint);
    if ('problem' in endpoint) return [];
    const index = { name: 'endpoint', value: endpointTerm(endpoint.host, endpoint.port) };
    const { items } = await this.context.store.list({ kind: this.context.kinds.api }, { index });
    return usersAmong(certificate, items);
  }

  async #sharersOf(certificate: EndpointCertificate, fingerprint: string): Promise<EndpointCertificate[]> {
    const found = await this.#found('fingerprint', fingerprint);
    return found.filter(
      ({ metadata, status }) =>
        metadata.uid !== certificate.metadata.uid && status?.certificates?.[0]?.fingerprint === fingerprint,
    );
  }

  async #found(index: string, value: string): Promise<EndpointCertificate[]> {
    const { store, kinds } = this.context;
    return (await store.list({ kind: kinds.endpointCertificate }, { index: { name: index, value } })).items;
  }

  /**
   * Who shares the certificate, or no longer does, and does not know yet. A certificate is found by what its status says of
   * it, so whoever is new looks once more when that is written.
   */
  #tellSharers(certificate: EndpointCertificate, sharers: readonly EndpointCertificate[]): void {
    const { metadata, status } = certificate;
    if (status?.observedGeneration !== metadata.generation) this.queue.add(termOf(certificate));
    const own = nameOf(certificate);
    for (const sharer of sharers) {
      const { sharedWith = [] } = sharer.status ?? {};
      if (sharedWith.length < mostShared && !sharedWith.includes(own)) this.queue.add(termOf(sharer));
    }
    const names = new Set(sharers.map(nameOf));
    for (const former of status?.sharedWith ?? []) if (!names.has(former)) this.queue.add(certificateKey + former);
  }

  #nodesFor({ spec }: EndpointCertificate, apis: readonly API[]): NodeReport[] {
    const endpoint = readEndpoint(spec.endpoint);
    if ('problem' in endpoint || apis.length === 0) return [];
    const callers = new Set<string>();
    for (const gateway of this.#gateways.values()) {
      if (callsEndpoint(gateway, apis, endpoint)) callers.add(nameOf(gateway));
    }
    return [...this.#nodes.values()].filter(({ gateway }) => callers.has(gateway));
  }
}

function nameOf(object: EndpointCertificate | Gateway): string {
  return `${object.metadata.namespace ?? ''}/${object.metadata.name}`;
}
