import { hash } from 'node:crypto';
import { X509Certificate } from 'node:crypto';
import type { SecureContext } from 'node:tls';
import { setTimeout as delay } from 'node:timers/promises';
import { systemClock } from '#control/runtime';
import type { Connection } from '#edge/following';
import { formatTimestamp } from '#model/objects';
import { secretKind, trustBundleKind, workloadKind } from '#model/resources';
import type { InstanceStatus, Secret, TrustBundle, Workload } from '#model/resources';
import { trustDigest, trustedAnchors } from '#model/trust';
import { Levels } from '../../../src/edge/agent/running/levels.ts';
import { reportInstance, type StatusReporter } from '#edge/instances';
import { markBefore, nextMark } from '../../../src/model/workloads/mark.ts';
import { hostOf, trustName, workloadLabel } from '../names.ts';
import type { Counts } from './counts.ts';
import { contextOf, type Hosts, type Material } from './handshakes.ts';
import type { Post } from './messages.ts';
import { observe } from './observe.ts';
import { provesTrust } from './trust-proof.ts';
import type { Turns } from './turns.ts';

interface Pair {
  readonly cert: string;
  readonly key: string;
  readonly fingerprint: string;
}

interface Trust {
  readonly anchors: readonly string[];
  readonly digest: string;
  readonly generation: number | undefined;
}

interface Loaded {
  readonly fingerprint: string;
  readonly digest: string;
  readonly context: SecureContext;
}

export interface InstanceOptions {
  readonly connection: Connection;
  readonly namespace: string;
  readonly post: Post;
  readonly hosts: Hosts;
  readonly counts: Counts;
  /** Handshakes of proofs at once in this process. */
  readonly turns: Turns;
  /** How long its driver takes from what was delivered to what is loaded. */
  readonly latency: () => number;
}

const levelsOfMemory = ['loaded', 'persisted'] as const;

/**
 * An instance of a Workload without a program around it: it watches what an agent watches, holds the real certificates in
 * real TLS contexts, proves each by a full mutual handshake, and reports as an agent does.
 */
export class SimulatedInstance {
  readonly #options: InstanceOptions;
  readonly #levels = new Levels();
  readonly #delivered = new Map<string, Pair>();
  readonly #loaded = new Map<string, Loaded>();
  readonly #dirty = new Set<string>();
  readonly #stop = new AbortController();
  readonly #reporter: StatusReporter<InstanceStatus>;
  #workload: Workload | undefined;
  #trust: Trust | undefined;
  #trustInUse: Trust | undefined;
  #running: Promise<void> | undefined;

  constructor(options: InstanceOptions) {
    this.#options = options;
    const { connection, namespace, post } = options;
    this.#reporter = reportInstance({
      connection,
      clock: systemClock,
      random: Math.random,
      log: { info: () => undefined, warn: (fields, text) => console.error(new Date().toISOString(), text, fields) },
      place: { namespace, name: post.workload, instance: post.instance },
      workload: () => this.#workload,
      status: () => this.#status(),
    });
  }

  #status(): InstanceStatus {
    this.#options.counts.report();
    return { lastSeenTime: formatTimestamp(new Date()), materials: this.#levels.reports };
  }

  /** The context with which it shows the certificate, once it is loaded. */
  contextOf(name: string): SecureContext | undefined {
    return this.#loaded.get(name)?.context;
  }

  async start(): Promise<void> {
    const { connection, namespace, post } = this.#options;
    const { signal } = this.#stop;
    const workload = { namespace, fieldSelector: `metadata.name=${post.workload}` };
    await observe<Workload>(connection, workloadKind, workload, (object) => this.#workloadChanged(object), signal);
    const names = (this.#workload?.spec.presents ?? []).map(({ name }) => name);
    const own = { namespace, labelSelector: `${workloadLabel}=${post.workload}`, names };
    await observe<Secret>(connection, secretKind, own, (object) => this.#secretChanged(object), signal);
    await this.#watchTrust();
  }

  async #watchTrust(): Promise<void> {
    const { connection, namespace } = this.#options;
    const { signal } = this.#stop;
    const entry = this.#workload?.spec.trusts?.[0];
    const { secretRef, trustBundleRef } = entry ?? {};
    const selection = { namespace, fieldSelector: `metadata.name=${(secretRef ?? trustBundleRef)?.name}` };
    if (secretRef !== undefined) {
      await observe<Secret>(connection, secretKind, selection, (object) => this.#plainTrust(object), signal);
    } else {
      await observe<TrustBundle>(
        connection,
        trustBundleKind,
        selection,
        (object) => this.#bundleChanged(object),
        signal,
      );
    }
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
    await this.#reporter.stop();
  }

  #workloadChanged(workload: Workload): void {
    const before = this.#workload?.status?.materials;
    this.#workload = workload;
    if (JSON.stringify(before) === JSON.stringify(workload.status?.materials)) return;
    for (const { name, digest } of workload.status?.materials ?? []) {
      // Of what is on its way nothing is known yet.
      const pair = this.#delivered.get(name);
      const has = name === trustName ? this.#trust?.digest : pair && contentOf(pair).digest;
      if (has !== undefined && has === digest) this.#want(name);
    }
  }

  #secretChanged({ metadata, data = {} }: Secret): void {
    const [cert, key] = ['tls.crt', 'tls.key'].map((name) =>
      Buffer.from(data[name] ?? '', 'base64').toString('latin1'),
    );
    if (!cert || !key) return;
    const fingerprint = fingerprintOf(cert);
    if (this.#delivered.get(metadata.name)?.fingerprint === fingerprint) return;
    this.#delivered.set(metadata.name, { cert, key, fingerprint });
    this.#want(metadata.name);
  }

  #bundleChanged(bundle: TrustBundle): void {
    const anchors = trustedAnchors(bundle).map(({ certificate }) => certificate);
    const fingerprints = trustedAnchors(bundle).map(({ fingerprint }) => fingerprint);
    this.#trustChanged(anchors, fingerprints, bundle.status?.bundleGeneration);
  }

  #plainTrust({ data = {} }: Secret): void {
    const anchor = Buffer.from(data['tls.crt'] ?? '', 'base64').toString('latin1');
    if (anchor !== '') this.#trustChanged([anchor], [fingerprintOf(anchor)], undefined);
  }

  #trustChanged(anchors: readonly string[], fingerprints: readonly string[], generation: number | undefined): void {
    const digest = trustDigest(fingerprints);
    if (anchors.length === 0 || this.#trust?.digest === digest) return;
    this.#trust = { anchors, digest, generation };
    this.#options.counts.trust(digest, 'delivered');
    this.#want(trustName);
  }

  /** Notes what shall be there, in the generation that its Workload's status gives it or will give it. */
  #want(name: string): void {
    if (this.#workload === undefined) return;
    const kind = name === trustName ? 'trust' : 'identity';
    const content = kind === 'trust' ? { digest: this.#trust!.digest } : contentOf(this.#delivered.get(name)!);
    const least = kind === 'trust' ? this.#trust!.generation : undefined;
    const before = markBefore(this.#workload, name, kind);
    const former = this.#levels.of(name)?.desired;
    this.#levels.want(name, kind, nextMark(before, content, new Date(), least), new Date());
    // What is on its way already is not proven twice.
    if (this.#levels.of(name)?.desired === former) return;
    this.#dirty.add(name);
    this.#running ??= this.#run();
  }

  async #run(): Promise<void> {
    // What arrives together is loaded together.
    await delay(1);
    while (this.#dirty.size > 0 && !this.#stop.signal.aborted) await this.#round();
    this.#running = undefined;
  }

  async #round(): Promise<void> {
    const names = [...this.#dirty];
    this.#dirty.clear();
    this.#reach(names, 'delivered');
    const latency = this.#options.latency();
    if (latency > 0) {
      this.#reporter.changed();
      await delay(latency);
    }
    const former = this.#trustInUse;
    this.#load(names);
    this.#reach(names, ...levelsOfMemory);
    await Promise.all(names.map((name) => this.#prove(name, former)));
    this.#reporter.changed();
  }

  #reach(names: readonly string[], ...levels: readonly ('delivered' | 'loaded' | 'persisted')[]): void {
    const now = new Date();
    for (const name of names) for (const level of levels) this.#levels.reach(name, level, now);
  }

  /** Takes what was delivered into use. Another set of trust concerns every context. */
  #load(names: readonly string[]): void {
    const trust = this.#trust;
    if (trust === undefined) return;
    const isAnother = this.#trustInUse?.digest !== trust.digest;
    this.#trustInUse = trust;
    for (const name of isAnother ? this.#delivered.keys() : names) {
      const pair = this.#delivered.get(name);
      if (pair === undefined) continue;
      const material: Material = { cert: pair.cert, key: pair.key, ca: trust.anchors };
      this.#loaded.set(name, { fingerprint: pair.fingerprint, digest: trust.digest, context: contextOf(material) });
    }
  }

  async #prove(name: string, former: Trust | undefined): Promise<void> {
    const { counts, turns } = this.#options;
    const kind = name === trustName ? 'trust' : 'identity';
    const { desired } = this.#levels.of(name) ?? {};
    const look = (): Promise<boolean> => (kind === 'trust' ? this.#showsTrust(former) : this.#shows(name));
    const isProven = await turns.take(look).catch(() => false);
    counts.proof(kind, isProven);
    if (!isProven) return this.#tryAgain(name);
    if (this.#levels.of(name)?.desired?.digest !== desired?.digest) return;
    if (kind === 'trust') counts.trust(desired!.digest!, 'proven');
    const now = new Date();
    for (const level of ['proven', 'exclusive'] as const) this.#levels.reach(name, level, now);
  }

  #tryAgain(name: string): void {
    const timer = setTimeout(() => {
      if (this.#stop.signal.aborted || this.#levels.has(name, 'proven')) return;
      this.#dirty.add(name);
      this.#running ??= this.#run();
    }, 250);
    timer.unref();
  }

  /** The certificate is shown by the server and by the client, and each accepts the other. */
  async #shows(name: string): Promise<boolean> {
    const loaded = this.#loaded.get(name);
    if (loaded === undefined) return false;
    const { shown, verdict } = await this.#options.hosts.greet(
      hostOf(name, this.#options.post.instance),
      loaded.context,
    );
    return shown === loaded.fingerprint && verdict === loaded.fingerprint;
  }

  async #showsTrust(former: Trust | undefined): Promise<boolean> {
    const trust = this.#trustInUse;
    const [name] = this.#loaded.keys();
    if (trust === undefined || name === undefined) return false;
    const came = trust.anchors.filter((anchor) => former === undefined || !former.anchors.includes(anchor));
    const went = (former?.anchors ?? []).filter((anchor) => !trust.anchors.includes(anchor));
    return provesTrust(this.#options.hosts, hostOf(name, this.#options.post.instance), {
      came,
      went,
      servers: trust.anchors,
    });
  }
}

const fingerprintOf = (pem: string): string =>
  new X509Certificate(pem).fingerprint256.replaceAll(':', '').toLowerCase();

/** As `desiredIdentity()` counts it, of a chain with one certificate. */
const contentOf = ({ fingerprint }: Pair): { fingerprint: string; digest: string } => ({
  fingerprint,
  digest: hash('sha256', fingerprint),
});
