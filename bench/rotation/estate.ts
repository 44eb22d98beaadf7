import { availableParallelism } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { collectionPath, mediaTypes, type ApiClient, type ClientAccess } from '#edge/api';
import type { Draft, KubeObject } from '#model/objects';
import { builtinKinds, createRegistry, workloadKind } from '#model/resources';
import { makeCA } from '../../src/pki/x509/certificates/certificate.fixture.ts';
import { untilAllReady } from './until-ready.ts';
import type { Call, FleetOrders, Post } from './fleet/messages.ts';
import { authorityName, hostOf, hostsOf, namespace, trustName, workloadLabel } from './names.ts';

export interface EstateShape {
  /** Workloads that call, and as many that are called; each caller has a counterpart. */
  readonly pairs: number;
  readonly instancesEach: number;
  /** Certificates that each Workload presents, and all its instances. */
  readonly certificatesEach: number;
  /** `bundle`: a TrustBundle, which a Rotation needs. `secret`: the CA's Secret itself, as cert-manager leaves it. */
  readonly trust: 'bundle' | 'secret';
  /** Where agents write files; left out: there are none. */
  readonly files?: string;
}

const registry = createRegistry(builtinKinds);
const atOnce = 64;

export class Estate {
  readonly client: ApiClient;
  readonly shape: EstateShape;

  constructor(client: ApiClient, shape: EstateShape) {
    this.client = client;
    this.shape = shape;
  }

  get workloads(): string[] {
    return [...this.#callers, ...this.#callees];
  }

  /** Names of all certificates. */
  get certificates(): string[] {
    return this.workloads.flatMap((workload) => this.certificatesOf(workload));
  }

  certificatesOf(workload: string): string[] {
    return range(this.shape.certificatesEach, (index) => `${workload}-c${index}`);
  }

  get #callers(): string[] {
    return range(this.shape.pairs, (index) => `gate-${String(index).padStart(3, '0')}`);
  }

  get #callees(): string[] {
    return this.#callers.map(calleeOf);
  }

  get #instances(): string[] {
    return range(this.shape.instancesEach, (index) => `i${index}`);
  }

  async put(kind: string, name: string, fields: object, apiVersion = 'chancery.dev/v1'): Promise<KubeObject> {
    const place = kind === 'Namespace' ? { name } : { name, namespace };
    const { metadata, ...rest } = fields as { metadata?: object };
    const object = { apiVersion, kind, metadata: { ...metadata, ...place }, ...rest } as Draft;
    const request = { fieldManager: 'bench', force: true };
    return (await this.client.apply(registry.byKind(apiVersion, kind)!, object, request)).object;
  }

  /** The CA, everything beneath it, and who has it; resolves when every certificate is there. */
  async declare(): Promise<void> {
    await this.put('Namespace', namespace, {}, 'v1');
    if (this.shape.trust === 'bundle') await this.#declareAuthority();
    else await this.swapAuthority();
    await this.#issuer(authorityName, { ca: { secretName: authorityName } });
    await inParallel(this.certificates, (name) => this.#declareCertificate(name));
    await untilAllReady(this.client, namespace);
    await inParallel(this.#callees, (name) => this.#declareCallee(name));
    await inParallel(this.#callers, (name) => this.#declareCaller(name));
  }

  async #declareAuthority(): Promise<void> {
    await this.#issuer('selfsigned', { selfSigned: {} });
    await this.#certificate(authorityName, {
      isCA: true,
      commonName: authorityName,
      secretName: authorityName,
      duration: '87600h',
      privateKey: { algorithm: 'ECDSA', size: 256 },
      issuerRef: { name: 'selfsigned' },
    });
    await untilAllReady(this.client, namespace);
    await this.put('TrustBundle', trustName, { spec: { sources: [{ certificateRef: { name: authorityName } }] } });
  }

  /** Puts a CA of the same name with another key where issuers sign with it, by one write. */
  async swapAuthority(): Promise<void> {
    const { certificate, key } = makeCA(authorityName);
    const stringData = { 'tls.crt': certificate.toPEM(), 'tls.key': key.toPEM('PKCS8') };
    await this.put('Secret', authorityName, { type: 'kubernetes.io/tls', stringData }, 'v1');
  }

  #issuer(name: string, spec: object): Promise<KubeObject> {
    return this.put('Issuer', name, { spec }, 'cert-manager.io/v1');
  }

  #certificate(name: string, spec: object): Promise<KubeObject> {
    return this.put('Certificate', name, { spec }, 'cert-manager.io/v1');
  }

  #declareCertificate(name: string): Promise<KubeObject> {
    const workload = name.slice(0, name.lastIndexOf('-'));
    return this.#certificate(name, {
      secretName: name,
      secretTemplate: { labels: { [workloadLabel]: workload } },
      commonName: name,
      dnsNames: [hostsOf(name)],
      duration: '17520h',
      renewBefore: '720h',
      privateKey: { algorithm: 'ECDSA', size: 256, rotationPolicy: 'Always' },
      usages: ['server auth', 'client auth', 'signing'],
      issuerRef: { kind: 'Issuer', name: authorityName },
    });
  }

  #workload(name: string, more: object): Promise<KubeObject> {
    const source =
      this.shape.trust === 'bundle'
        ? { trustBundleRef: { name: trustName } }
        : { secretRef: { name: authorityName, key: 'tls.crt' } };
    const spec = {
      instances: this.#instances.map((instance) => ({ name: instance })),
      presents: this.certificatesOf(name).map((one) => ({ name: one, certificateRef: { name: one } })),
      trusts: [{ name: trustName, ...source }],
      reload: { type: 'hot', timeoutSeconds: 1 },
      ...this.#files(name),
      ...more,
    };
    return this.put('Workload', name, { spec });
  }

  #files(workload: string): object {
    const { files } = this.shape;
    if (files === undefined) return {};
    const pairs = this.certificatesOf(workload).map((one) => {
      return { path: `${files}/${one}.pem`, content: 'certificate-and-key', of: one, format: 'pem' };
    });
    const bundle = { path: `${files}/${workload}-trust.pem`, content: 'bundle', of: trustName, format: 'pem' };
    return { files: [...pairs, bundle] };
  }

  #declareCallee(name: string): Promise<KubeObject> {
    const listens = this.certificatesOf(name).map((one) => ({
      name: one,
      serverName: hostsOf(one),
      presents: one,
      clientTrust: trustName,
      mutualAuthentication: 'require',
    }));
    return this.#workload(name, { listens });
  }

  #declareCaller(name: string): Promise<KubeObject> {
    const callee = calleeOf(name);
    const connectsTo = this.certificatesOf(name).map((one) => ({
      workload: callee,
      listen: one.replace(name, callee),
      presents: one,
      trusts: trustName,
    }));
    return this.#workload(name, { connectsTo });
  }

  /** What each of so many processes plays: callers with their counterparts, as many in each. */
  orders(access: ClientAccess, callsPerSecond: number, processes = availableParallelism()): FleetOrders[] {
    return range(processes, (index) => {
      const callers = this.#callers.filter((_, at) => at % processes === index);
      const posts = callers.flatMap((caller) => [...this.#posts(caller), ...this.#posts(calleeOf(caller))]);
      const calls = callers.flatMap((caller) => this.#calls(caller));
      return { access, namespace, posts, calls, callsPerSecond: callsPerSecond / processes, latencyMilliseconds: 0 };
    });
  }

  get posts(): Post[] {
    return this.workloads.flatMap((workload) => this.#posts(workload));
  }

  #posts(workload: string): Post[] {
    return this.#instances.map((instance) => ({ workload, instance }));
  }

  #calls(workload: string): Call[] {
    const callee = calleeOf(workload);
    return this.#posts(workload).flatMap((caller) =>
      this.certificatesOf(workload).map((presents) => {
        const host = hostOf(presents.replace(workload, callee), caller.instance);
        return { caller, presents, host };
      }),
    );
  }

  /** Waits until every Workload says that all its instances have shown what they shall have. Looks at a table: the objects are large. */
  async untilProven(pauseMilliseconds = 500): Promise<void> {
    const request = { method: 'GET', path: collectionPath(workloadKind, namespace), accept: mediaTypes.table };
    for (;;) {
      const { rows } = await this.client.json<Table>({ ...request, query: { includeObject: 'None' } });
      const proven = rows.filter(({ cells }) => cells[provenColumn] === this.shape.instancesEach);
      if (proven.length === this.workloads.length) return;
      await delay(pauseMilliseconds);
    }
  }
}

interface Table {
  readonly rows: readonly { readonly cells: readonly unknown[] }[];
}

/** After the name. */
const provenColumn = 1 + workloadKind.printerColumns.findIndex(({ name }) => name === 'Proven');

const calleeOf = (caller: string): string => caller.replace('gate', 'serve');

const range = <T>(count: number, make: (index: number) => T): T[] => Array.from({ length: count }, (_, at) => make(at));

/** In this order, so many at once. */
export async function inParallel<T>(
  items: readonly T[],
  work: (item: T) => Promise<unknown>,
  lanes = atOnce,
): Promise<void> {
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < items.length) await work(items[next++]!);
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}
