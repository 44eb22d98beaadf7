import { systemClock, type Clock, type Timer } from '#control/runtime';
import type { Gateway, GatewayChange, RefusedPart } from '../gateway.ts';
import { createCompiler } from './compiling/compiler.ts';
import { PlanKeeper } from './compiling/plan-keeper.ts';
import { withoutRefused, isEmptyChange } from './compiling/change.ts';
import { NodeMarks } from './node-marks.ts';
import { defaultProofPace, type GatewayNodeOptions, type ProofPace } from './node-options.ts';
import { Claims } from './proving/claims.ts';
import { Prover } from './proving/prover.ts';
import type { NodeState } from './reporting/node-state.ts';
import { declarationOf, nodeStatus, type NodeStatus } from './reporting/node-status.ts';
import { StatusReporter } from '#edge/instances';
import { gatewayNodeKind } from '#model/resources';
import type { Condition } from '#model/objects';
import type { SnapshotKeeper } from './snapshot/snapshot-keeper.ts';
import { openSnapshots } from './snapshot/open-snapshots.ts';
import { Connection } from '#edge/following';
import { ClientTrustClaims } from './instances/client-trust-claims.ts';
import { Instances } from './instances/instances.ts';
import { Sight } from './watching/sight.ts';

/** Compiling takes turns with serving. */
const turnMilliseconds = 8;
const unsettledMilliseconds = 30_000;
const untilProvenMilliseconds = 100;
const signOfLifeMilliseconds = 10_000;
/** An API that fails for so long is gone, and what an earlier run had loaded serves; so it does when nothing comes at all. */
const goneMilliseconds = 500;
const silentMilliseconds = 10_000;

/** One node: what it sees flows through the plan keeper into the engine, is proven, kept for a restart, and reported. */
export class RunningNode {
  readonly #options: GatewayNodeOptions;
  readonly #engine: Gateway;
  readonly #clock: Clock;
  readonly #startedAt: Date;
  readonly #connection: Connection;
  readonly #sight: Sight;
  readonly #keeper: PlanKeeper;
  readonly #prover: Prover;
  readonly #claims: Claims;
  readonly #reporter: StatusReporter<NodeStatus>;
  readonly #instances: Instances;
  #conditions: readonly Condition[] = [];
  readonly #marks = new NodeMarks();
  readonly #ready = Promise.withResolvers<void>();
  #snapshots: SnapshotKeeper | undefined;
  #lost: string | undefined;
  #isSynced = false;
  #isScheduled = false;
  #isStopped = false;
  #unsettled: Timer | undefined;
  #gone: Timer | undefined;

  constructor(options: GatewayNodeOptions, engine: Gateway) {
    const { clock = systemClock, random = Math.random, gateway, node, log } = options;
    const pace = { ...defaultProofPace, ...options.proof };
    this.#options = options;
    this.#engine = engine;
    this.#clock = clock;
    this.#startedAt = clock.now();
    this.#connection = new Connection(options.access);
    this.#sight = new Sight({
      connection: this.#connection,
      clock,
      random,
      gateway,
      onChange: (terms) => this.#onChange(terms),
      onConnected: (isConnected, failure) => this.#onConnected(isConnected, failure),
    });
    this.#keeper = new PlanKeeper(this.#sight, createCompiler());
    this.#prover = new Prover({ clock, random, pace, onProof: () => this.#onProof() });
    this.#claims = new Claims(this.#prover, pace, ownAddress(engine));
    this.#reporter = new StatusReporter({
      connection: this.#connection,
      clock,
      random,
      log,
      place: { kind: gatewayNodeKind, namespace: gateway.namespace, name: node },
      fieldManager: 'chancery-gateway',
      declaration: () => declarationOf(options),
      status: () => this.#status(),
      signOfLifeMilliseconds,
    });
    this.#instances = this.#openInstances(random, pace);
  }

  /** Resolves when everything that is declared has been compiled, or what an earlier run had loaded serves again. */
  get ready(): Promise<void> {
    return this.#ready.promise;
  }

  #openInstances(random: () => number, pace: ProofPace): Instances {
    const [connection, clock, engine] = [this.#connection, this.#clock, this.#engine];
    const [keeper, prover] = [this.#keeper, this.#prover];
    const { gateway, node, log } = this.#options;
    const { timeoutMilliseconds, listenersAgainMilliseconds: againMilliseconds } = pace;
    const proving = { gateway: engine, address: ownAddress(engine), timeoutMilliseconds, now: () => clock.now() };
    return new Instances({
      connection,
      clock,
      random,
      log,
      gateway,
      node,
      engine,
      keeper,
      prover,
      startedAt: this.#startedAt,
      clientTrust: new ClientTrustClaims({ ...proving, prover, againMilliseconds }),
      revisionOf: (term) => this.#sight.revisionOf(term),
      isSynced: () => this.#isSynced,
      isKept: (plan) => this.#snapshots?.isKept(plan) ?? false,
      persists: () => this.#snapshots !== undefined,
    });
  }

  /**
   * Begins to follow the API. What an earlier run had loaded serves when the API is not there; when it is, nobody is
   * served by what may be out of date by now.
   */
  async start(): Promise<void> {
    const { gateway, node, stateDirectory, log } = this.#options;
    const { adopted, keeper } = await openSnapshots({
      directory: stateDirectory,
      secret: this.#connection.secret,
      gateway: `${gateway.namespace}/${gateway.name}`,
      node,
      clock: this.#clock,
      log,
      current: () => this.#keeper.loaded(),
      onWritten: () => this.#instances.changed(),
    });
    this.#snapshots = keeper;
    if (adopted !== undefined) {
      this.#keeper.adopt(adopted);
      this.#takeUpAfter(silentMilliseconds);
    }
    this.#sight.start();
    this.#instances.start();
    this.#report();
    this.#lookAtUnsettled();
  }

  state(): NodeState {
    const { host, port } = this.#engine.address;
    return {
      startedAt: this.#startedAt,
      addresses: [`${host.includes(':') ? `[${host}]` : host}:${port}`],
      hasGateway: this.#sight.gateway !== undefined,
      isSynced: this.#isSynced,
      lost: this.#lost,
      listeners: this.#keeper.listeners,
      routes: this.#keeper.routes,
      proofOf: (key) => this.#prover.proofOf(key),
      desired: this.#marks.desired,
      loaded: this.#marks.loaded,
      proven: this.#marks.proven,
    };
  }

  /** Serves to the end what runs, for at most so long; what is loaded is on disk and reported when it resolves. */
  async stop(drainMilliseconds: number): Promise<void> {
    this.#isStopped = true;
    this.#unsettled?.cancel();
    this.#gone?.cancel();
    this.#prover.stop();
    // The timers of an idle node do not keep the program alive, and what is waited for here may be nothing else.
    const alive = setInterval(() => undefined, 1000);
    try {
      await Promise.all([
        this.#engine.drain(drainMilliseconds),
        this.#sight.stop(),
        this.#reporter.stop(),
        this.#instances.stop(),
      ]);
      await this.#snapshots?.flush();
    } finally {
      clearInterval(alive);
      this.#connection.close();
    }
  }

  #onChange(terms: readonly string[]): void {
    this.#instances.changed();
    this.#keeper.touch(terms);
    this.#schedule();
  }

  #onConnected(isConnected: boolean, failure: unknown): void {
    const lost = isConnected ? undefined : failure instanceof Error ? failure.message : String(failure);
    if ((lost === undefined) !== (this.#lost === undefined)) {
      if (lost === undefined) this.#options.log.info({}, 'follows the control plane again');
      else this.#options.log.warn({ error: lost }, 'the control plane is gone; what is loaded goes on serving');
      this.#report();
    }
    if (lost !== undefined && this.#lost === undefined && !this.#isSynced) this.#takeUpAfter(goneMilliseconds);
    this.#lost = lost;
    if (!isConnected) this.#connection.refresh();
    this.#schedule();
  }

  #takeUpAfter(milliseconds: number): void {
    this.#gone?.cancel();
    this.#gone = this.#clock.after(milliseconds, () => this.#takeUp(milliseconds));
  }

  #takeUp(milliseconds: number): void {
    const isBack = milliseconds === goneMilliseconds && this.#lost === undefined;
    if (this.#isSynced || this.#isStopped) return;
    if (isBack) return this.#takeUpAfter(silentMilliseconds);
    const spares = this.#keeper.spares();
    if (isEmptyChange(spares)) return;
    this.#options.log.warn({}, 'the control plane is not there; what an earlier run had loaded serves');
    this.#load(spares);
    this.#ready.resolve();
  }

  #status(): NodeStatus {
    const status = nodeStatus(this.state(), this.#conditions, this.#clock.now());
    this.#conditions = status.conditions ?? [];
    return status;
  }

  #onProof(): void {
    this.#instances.changed();
    if (this.#prover.isAllProven) this.#marks.hasProven(this.#clock.now());
    this.#report();
  }

  /** What is loaded is mostly proven in a moment, and then told together. */
  #report(): void {
    this.#reporter.changed(this.#prover.isBusy ? untilProvenMilliseconds : 0);
  }

  /** What comes together is compiled together. */
  #schedule(): void {
    if (this.#isScheduled || this.#isStopped) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      if (!this.#isStopped && this.#sight.isListed) this.#step();
    });
  }

  #step(): void {
    if (!this.#keeper.isDirty) return;
    const now = this.#clock.now();
    this.#marks.wants(this.#sight.newestRevision, now);
    const end = performance.now() + turnMilliseconds;
    const { change, isUnfinished } = this.#keeper.step(now, () => performance.now() < end);
    this.#load(change);
    this.#report();
    if (isUnfinished) this.#schedule();
    else if (this.#keeper.isSettled) this.#settled(now);
  }

  #load(change: GatewayChange): void {
    if (isEmptyChange(change)) return;
    const refused = this.#engine.apply(change);
    for (const part of refused) this.#warn(part);
    const taken = withoutRefused(change, refused);
    this.#keeper.settle(change, refused, this.#clock.now());
    this.#claims.take(taken);
    this.#snapshots?.changed();
    this.#load(this.#keeper.sparesFor(refused));
  }

  #warn({ subject, code, message }: RefusedPart): void {
    this.#options.log.error({ ...subject, code, error: message }, 'the TLS engine refused what was to be loaded');
  }

  #settled(now: Date): void {
    this.#isSynced = true;
    this.#gone?.cancel();
    this.#instances.changed();
    this.#marks.hasLoaded(now);
    if (this.#prover.isAllProven) this.#marks.hasProven(now);
    this.#ready.resolve();
  }

  #lookAtUnsettled(): void {
    this.#unsettled = this.#clock.after(unsettledMilliseconds, () => {
      this.#keeper.touchUnsettled(this.#clock.now());
      this.#schedule();
      this.#lookAtUnsettled();
    });
  }
}

/** How the node reaches its own port. */
function ownAddress({ address }: Gateway): { host: string; port: number } {
  const isAny = address.host === '0.0.0.0' || address.host === '::';
  return { host: isAny ? '127.0.0.1' : address.host, port: address.port };
}
