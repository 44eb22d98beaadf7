import { Registry } from 'prom-client';
import { conditionOf } from '#model/objects';
import type { KubeObject } from '#model/objects';
import {
  builtinKinds,
  certificateKind,
  certificateRequestKind,
  clusterIssuerKind,
  createRegistry,
  eventKind,
  issuerKind,
  namespaceKind,
  secretKind,
} from '#model/resources';
import type { Certificate, CertificateSpec, Event, IssuerSpec, Kind, Secret } from '#model/resources';
import { openMemoryStore } from '#control/store';
import type { ResourceStore } from '#control/store';
import { FakeClock, InlineCrypto } from '#control/runtime';
import { startControllers } from './start.ts';
import type { Controllers, ControllersOptions } from './options.ts';
import type { WithStatus } from './status-loop.ts';

export const asUser = { manager: 'test', user: { username: 'someone' } };
export const namespace = 'apic';

/** A control plane in memory whose clock stands still, for the tests of the loops. */
export interface TestPlane {
  readonly store: ResourceStore;
  readonly clock: FakeClock;
  readonly metrics: Registry;
  readonly warnings: string[];
  controllers: Controllers;
  declareIssuer(name: string, spec: IssuerSpec, kind?: 'Issuer' | 'ClusterIssuer', place?: string): Promise<void>;
  declare(name: string, spec?: Partial<CertificateSpec>, metadata?: object): Promise<void>;
  certificate(name: string): Promise<Certificate>;
  secret(name: string): Promise<Secret | undefined>;
  all<T extends KubeObject>(kind: Kind<T>): Promise<T[]>;
  events(): Promise<string[]>;
  /** Moves the clock, and waits until what falls due is done. */
  pass(milliseconds: number): Promise<void>;
  restart(options?: Partial<ControllersOptions>): Promise<void>;
  stop(): Promise<void>;
}

const registry = createRegistry(builtinKinds);

export async function startPlane(options: Partial<ControllersOptions> = {}): Promise<TestPlane> {
  const clock = options.clock instanceof FakeClock ? options.clock : new FakeClock();
  const store = options.store ?? openMemoryStore({ registry, now: () => clock.now() });
  await store.create(
    { kind: namespaceKind, name: namespace },
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
    asUser,
  );
  const plane = new Plane(store, clock);
  await plane.restart(options);
  await plane.controllers.idle();
  return plane;
}

/** A SelfSigned issuer, a CA issued by it, and an issuer of that CA: `ca`. */
export async function startPlaneWithCA(options: Partial<ControllersOptions> = {}): Promise<TestPlane> {
  const plane = await startPlane(options);
  await plane.declareIssuer('self', { selfSigned: {} });
  await plane.declare('ca', {
    isCA: true,
    commonName: 'test ca',
    dnsNames: [],
    duration: '87600h',
    issuerRef: { name: 'self' },
  });
  await plane.declareIssuer('ca', { ca: { secretName: 'ca' } });
  await plane.controllers.idle();
  return plane;
}

class Plane implements TestPlane {
  readonly store: ResourceStore;
  readonly clock: FakeClock;
  readonly warnings: string[] = [];
  metrics = new Registry();
  controllers!: Controllers;
  #options: Partial<ControllersOptions> = {};

  constructor(store: ResourceStore, clock: FakeClock) {
    this.store = store;
    this.clock = clock;
  }

  async restart(options: Partial<ControllersOptions> = this.#options): Promise<void> {
    this.#options = options;
    this.metrics = new Registry();
    const note = (fields: object, message: string): void =>
      void this.warnings.push(`${message} ${JSON.stringify(fields)}`);
    this.controllers = await startControllers({
      store: this.store,
      registry,
      crypto: new InlineCrypto(),
      metrics: this.metrics,
      logger: { info: () => undefined, warn: note, error: note },
      clock: this.clock,
      ...options,
    });
  }

  async declareIssuer(
    name: string,
    spec: IssuerSpec,
    kind: 'Issuer' | 'ClusterIssuer' = 'Issuer',
    place = namespace,
  ): Promise<void> {
    const apiVersion = 'cert-manager.io/v1';
    if (kind === 'ClusterIssuer')
      await this.store.create({ kind: clusterIssuerKind }, { apiVersion, kind, metadata: { name }, spec }, asUser);
    else
      await this.store.create(
        { kind: issuerKind, namespace: place },
        { apiVersion, kind, metadata: { name }, spec },
        asUser,
      );
  }

  async declare(name: string, spec: Partial<CertificateSpec> = {}, metadata: object = {}): Promise<void> {
    const full: CertificateSpec = {
      secretName: name,
      dnsNames: [`${name}.example`],
      privateKey: { algorithm: 'ECDSA' },
      issuerRef: { name: 'ca' },
      ...spec,
    };
    const object = {
      apiVersion: 'cert-manager.io/v1',
      kind: 'Certificate',
      metadata: { name, ...metadata },
      spec: full,
    };
    await this.store.create({ kind: certificateKind, namespace }, object, asUser);
  }

  async certificate(name: string): Promise<Certificate> {
    const found = await this.store.get({ kind: certificateKind, namespace, name });
    if (found === undefined) throw new Error(`there is no Certificate ${name}`);
    return found;
  }

  secret(name: string): Promise<Secret | undefined> {
    return this.store.get({ kind: secretKind, namespace, name });
  }

  async all<T extends KubeObject>(kind: Kind<T>): Promise<T[]> {
    return (await this.store.list({ kind })).items;
  }

  async events(): Promise<string[]> {
    await this.pass(1000);
    const events: Event[] = await this.all(eventKind);
    return events.map(({ involvedObject, reason }) => `${involvedObject.kind}/${involvedObject.name} ${reason}`);
  }

  async pass(milliseconds: number): Promise<void> {
    this.clock.advance(milliseconds);
    await this.controllers.idle();
  }

  async stop(): Promise<void> {
    await this.controllers.stop();
    await this.store.close();
  }
}

export function condition(object: WithStatus | undefined, type: string): string | undefined {
  const found = conditionOf(object?.status?.conditions, type);
  return found === undefined ? undefined : `${found.status} ${found.reason}`;
}

export async function requestNames(plane: TestPlane): Promise<string[]> {
  return (await plane.all(certificateRequestKind)).map(({ metadata }) => metadata.name);
}
