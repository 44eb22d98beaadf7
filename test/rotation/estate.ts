import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { startAgent, type Agent } from '#edge/agent';
import { openClient, type ApiClient } from '#edge/api';
import { runCli, type ServerVerbs } from '#edge/cli';
import { startInstallation, type Installation } from '#edge/installation';
import type { Draft } from '#model/objects';
import {
  certificateKind,
  rotationKind,
  secretKind,
  workloadKind,
  type Certificate,
  type Rotation,
  type Secret,
  type Workload,
  type InstanceReport,
} from '#model/resources';
import { parseCertificatesPEM, type Certificate as X509 } from '#pki/x509';
import { quickPace } from '../agent/agent-fixture.ts';
import type { Client } from '../agent/load.ts';
import { hasReached, isReady } from '../agent/reached.ts';
import { reportsOf } from '../agent/reports.ts';
import type { TestServerProcess } from '../agent/servers.ts';
import { namespace, type Authority } from './authorities.ts';
import { callers, estateObjects, type NamedServer } from './estate-objects.ts';
import { clientIn, Handshakes, type ClientFiles } from './handshakes.ts';

export interface EstateOptions {
  readonly servers: readonly { readonly name: string; readonly open: OpenServer }[];
  readonly ofServers: Authority;
  /** Left out: the same. */
  readonly ofCallers?: Authority;
}

export type OpenServer = (folder: string) => Promise<TestServerProcess>;

export interface Said {
  readonly code: number;
  readonly out: string;
}

/** A control plane, agents, real servers and clients that call them with mutual TLS; everything proven, and under load. */
export class Estate implements AsyncDisposable {
  readonly folder: string;
  readonly client: ApiClient;
  readonly warnings: string[] = [];
  readonly #installation: Installation;
  readonly #options: EstateOptions;
  #servers: NamedServer[] = [];
  #agent: Agent | undefined;
  #load: Handshakes | undefined;

  private constructor(folder: string, installation: Installation, options: EstateOptions) {
    this.folder = folder;
    this.#installation = installation;
    this.#options = options;
    this.client = openClient(installation.access);
  }

  static async open(options: EstateOptions): Promise<Estate> {
    const folder = mkdtempSync(join(tmpdir(), 'chancery-rotation-'));
    const directory = join(folder, 'plane');
    const logger = { info: () => undefined, warn: () => undefined, error: () => undefined };
    const installation = await startInstallation({ directory, apiPort: 0, version: 'test', logger });
    const estate = new Estate(folder, installation, options);
    try {
      await estate.#bring();
    } catch (error) {
      await estate[Symbol.asyncDispose]();
      throw error;
    }
    return estate;
  }

  get load(): Handshakes {
    return this.#load!;
  }

  get files(): ClientFiles {
    const at = (name: string): string => join(this.folder, 'clients', name);
    return { identity: at('client.pem'), trust: at('trust.pem') };
  }

  get servers(): readonly NamedServer[] {
    return this.#servers;
  }

  /** What a client that starts now has. */
  clientNow(): Client {
    return clientIn(this.files);
  }

  port(name: string): number {
    return this.#servers.find((server) => server.name === name)!.process.port;
  }

  async put(object: Draft): Promise<void> {
    const kind = this.#installation.registry.byKind(object.apiVersion, object.kind)!;
    await this.client.apply(kind, object, { fieldManager: 'test', force: true, namespace });
  }

  /** One call of `chancery`, in the namespace of the tests. */
  async chancery(...args: readonly string[]): Promise<Said> {
    let out = '';
    const say = (text: string): void => void (out += text);
    const io: Parameters<typeof runCli>[1] = {
      out: say,
      err: say,
      readInput: () => Promise.resolve(new Uint8Array()),
      env: { CHANCERY_KUBECONFIG: this.#installation.kubeconfig },
      cwd: this.folder,
      now: () => new Date(),
      isTerminal: false,
      isErrTerminal: false,
      signal: AbortSignal.timeout(120_000),
    };
    return { code: await runCli([...args, '-n', namespace], io, {} as ServerVerbs, 'test'), out };
  }

  async rotation(name: string): Promise<Rotation | undefined> {
    return this.client.get<Rotation>(rotationKind, name, namespace).catch(() => undefined);
  }

  /** Waits for the end of a Rotation, which is a good one. */
  async succeeded(name: string): Promise<void> {
    const status = await this.ended(name);
    if (status.result !== 'succeeded') throw new Error(`${name} ended as ${status.result}: ${status.message}`);
  }

  async ended(name: string): Promise<NonNullable<Rotation['status']>> {
    let last: unknown;
    const look = async (): Promise<Rotation['status']> => {
      const found = await this.rotation(name);
      last = found?.status?.conditions;
      return found?.status?.completedTime === undefined ? undefined : found.status;
    };
    return this.until(`end of ${name}`, look, 90).catch((error: Error) => {
      throw new Error(`${error.message} ${JSON.stringify(last)}`);
    });
  }

  /** Of `default/NAME`, the only instance. */
  async reportOf(workload: string): Promise<InstanceReport> {
    const [report] = (await reportsOf(this.client, namespace, workload)).values();
    return report ?? { name: 'one' };
  }

  /** The certificates in `tls.crt` of a Secret. */
  async certificatesIn(secret: string): Promise<X509[]> {
    const { data = {} } = await this.client.get<Secret>(secretKind, secret, namespace);
    return parseCertificatesPEM(Buffer.from(data['tls.crt'] ?? '', 'base64'));
  }

  async until<T>(what: string, look: () => Promise<T | undefined>, seconds = 30): Promise<T> {
    const end = performance.now() + seconds * 1000;
    for (;;) {
      const seen = await look();
      if (seen !== undefined) return seen;
      if (performance.now() > end) throw new Error(`${what}: not within ${seconds} s ${this.warnings.join('\n')}`);
      await delay(50);
    }
  }

  /** Waits until every instance has all that it shall have, at this level. */
  async reached(level: 'persisted' | 'proven', seconds = 30): Promise<void> {
    await this.until(
      level,
      async () => {
        const found = await Promise.all(
          this.#workloads.map((name) => this.client.get<Workload>(workloadKind, name, namespace)),
        );
        const reached = await Promise.all(found.map((one) => hasReached(this.client, one, level)));
        return reached.every(Boolean) ? true : undefined;
      },
      seconds,
    );
  }

  get #workloads(): string[] {
    return [...this.#servers.map(({ name }) => name), callers];
  }

  async #bring(): Promise<void> {
    const { ofServers, ofCallers = ofServers } = this.#options;
    mkdirSync(join(this.folder, 'clients'));
    for (const { name, open } of this.#options.servers) {
      mkdirSync(join(this.folder, name));
      this.#servers.push({ name, process: await open(join(this.folder, name)) });
    }
    for (const object of estateObjects({ servers: this.#servers, files: this.files, ofServers, ofCallers })) {
      await this.put(object);
    }
    await this.untilIssued([...ofServers.certificates, ...ofCallers.certificates, ...this.#workloads]);
    await this.#startAgent();
    await this.reached('persisted');
    for (const { process } of this.#servers) await process.start();
    await this.reached('proven');
    this.#load = new Handshakes(
      this.#servers.map(({ name, process: { port } }) => ({ name, port })),
      this.files,
    );
  }

  async untilIssued(names: readonly string[]): Promise<void> {
    await this.until('certificates', async () => {
      const found = await Array.fromAsync(this.client.each<Certificate>(certificateKind, { namespace }));
      const issued = new Set(found.filter(isReady).map(({ metadata }) => metadata.name));
      return names.every((name) => issued.has(name)) ? true : undefined;
    });
  }

  async #startAgent(): Promise<void> {
    const warn = (fields: object, message: string): void =>
      void this.warnings.push(`${message} ${JSON.stringify(fields)}`);
    this.#agent = await startAgent({
      access: () => this.#installation.access,
      workloads: this.#workloads.map((name) => ({ namespace, name, instance: 'one' })),
      stateDirectory: join(this.folder, 'agents'),
      log: { info: () => undefined, warn },
      pace: quickPace,
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#load?.stop();
    await this.#agent?.stop();
    for (const { process } of this.#servers) await process.kill();
    this.client.close();
    await this.#installation.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
