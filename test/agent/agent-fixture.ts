import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { startAgent, type Agent, type AgentPace } from '#edge/agent';
import type { ApiClient } from '#edge/api';
import type { KubeObject } from '#model/objects';
import {
  builtinKinds,
  createRegistry,
  workloadKind,
  type InstanceReport,
  type MaterialReport,
  type Workload,
} from '#model/resources';
import { parseCertificatesPEM } from '#pki/x509';
import type { ThrowawayPair } from '../../src/edge/agent/drivers/haproxy/throwaway-material.ts';
import { startTestServer, type TestServer } from '../server/server-fixture.ts';
import { reportsOf } from './reports.ts';

const registry = createRegistry(builtinKinds);

export const quickPace: Partial<AgentPace> = {
  probeTimeoutMilliseconds: 2000,
  retryMilliseconds: 50,
  longestRetryMilliseconds: 500,
  againMilliseconds: 2000,
  deliverAgainMilliseconds: 60_000,
  sessionSeconds: 1,
};

type Level = 'delivered' | 'loaded' | 'persisted' | 'proven' | 'exclusive';

/** An API server, one Workload `team/server` in it, and an agent for its instance `one`. */
export class AgentFixture implements AsyncDisposable {
  readonly server: TestServer;
  readonly client: ApiClient;
  readonly folder = mkdtempSync(join(tmpdir(), 'chancery-agent-'));
  readonly warnings: string[] = [];
  readonly #agents: Agent[] = [];
  readonly #closing: (() => Promise<void> | void)[] = [];

  private constructor(server: TestServer) {
    this.server = server;
    this.client = server.client();
    mkdirSync(this.files, { recursive: true });
  }

  static async open(): Promise<AgentFixture> {
    return new AgentFixture(await startTestServer());
  }

  get files(): string {
    return join(this.folder, 'files');
  }

  get state(): string {
    return join(this.folder, 'state');
  }

  atEnd(close: () => Promise<void> | void): void {
    this.#closing.push(close);
  }

  async put(kind: string, name: string, fields: object): Promise<KubeObject> {
    const apiVersion = kind === 'Secret' ? 'v1' : 'chancery.dev/v1';
    const object = { apiVersion, kind, metadata: { name, namespace: 'team' }, ...fields };
    const request = { fieldManager: 'test', force: true };
    return (await this.client.apply(registry.byKind(apiVersion, kind)!, object, request)).object;
  }

  /** The Secret `NAME` with a certificate and its key. */
  async identity(name: string, { cert, key }: Pick<ThrowawayPair, 'cert' | 'key'>): Promise<void> {
    await this.put('Secret', name, { type: 'kubernetes.io/tls', stringData: { 'tls.crt': cert, 'tls.key': key } });
  }

  /** The Truststore `NAME`. */
  async trust(name: string, ...certificates: readonly string[]): Promise<void> {
    await this.put('Truststore', name, { spec: { sources: certificates.map((text) => ({ certificates: text })) } });
  }

  async password(name: string, password: string): Promise<void> {
    await this.put('Secret', name, { type: 'Opaque', stringData: { password } });
  }

  async workload(spec: Workload['spec']): Promise<void> {
    await this.put('Workload', 'server', { spec });
  }

  async start(pace: Partial<AgentPace> = {}, instance = 'one'): Promise<Agent> {
    const agent = await startAgent({
      access: () => this.server.access(),
      workloads: [{ namespace: 'team', name: 'server', instance }],
      stateDirectory: this.state,
      log: {
        info: () => undefined,
        warn: (fields, message) => void this.warnings.push(`${message} ${JSON.stringify(fields)}`),
      },
      pace: { ...quickPace, ...pace },
    });
    this.#agents.push(agent);
    return agent;
  }

  /** Asks instance `one` for something, as a Rotation does. */
  async ask(what: 'restart' | 'flush', generation: number): Promise<void> {
    const order = { generation, at: new Date().toISOString(), key: `key ${generation}` };
    const object = {
      apiVersion: 'chancery.dev/v1',
      kind: 'Workload',
      metadata: { name: 'server', namespace: 'team' },
      status: { asked: [{ name: 'one', [what]: order }] },
    };
    await this.client.apply(workloadKind, object, {
      namespace: 'team',
      subresource: 'status',
      fieldManager: 'rotation',
      force: true,
    });
  }

  async stopAgents(): Promise<void> {
    for (const agent of this.#agents.splice(0)) await agent.stop();
  }

  async instances(): Promise<InstanceReport[]> {
    return [...(await reportsOf(this.client, 'team', 'server')).values()];
  }

  async report(): Promise<InstanceReport | undefined> {
    return (await this.instances()).find(({ name }) => name === 'one');
  }

  /** Waits until `look` answers something; fails with the last report otherwise. */
  async until<T>(what: string, look: (report: InstanceReport | undefined) => T | undefined, seconds = 15): Promise<T> {
    const end = performance.now() + seconds * 1000;
    for (;;) {
      const report = await this.report();
      const seen = look(report);
      if (seen !== undefined) return seen;
      if (performance.now() > end) {
        throw new Error(`${what}: not seen; ${JSON.stringify(report?.materials)} ${this.warnings.join('\n')}`);
      }
      await delay(20);
    }
  }

  /** Waits until the material has reached the level with the certificate, or with the newest generation of a trust. */
  async reached(name: string, level: Level, fingerprint?: string): Promise<MaterialReport> {
    return this.until(`${name} ${level}`, (report) => {
      const material = report?.materials?.find((one) => one.name === name);
      const mark = material?.[level];
      const isWanted = fingerprint === undefined || mark?.fingerprint === fingerprint;
      return mark !== undefined && isWanted && mark.digest === material?.desired?.digest ? material : undefined;
    });
  }

  /** Waits until the agent wants the trust in these certificates at the level. */
  async trustReached(name: string, level: Level, digest: string): Promise<MaterialReport> {
    return this.until(`${name} ${level}`, (report) => {
      const material = report?.materials?.find((one) => one.name === name);
      return material?.[level]?.digest === digest ? material : undefined;
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stopAgents();
    for (const close of this.#closing.toReversed()) await close();
    await this.server[Symbol.asyncDispose]();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export const fingerprintOf = (pem: string): string => parseCertificatesPEM(pem)[0]!.fingerprint;
