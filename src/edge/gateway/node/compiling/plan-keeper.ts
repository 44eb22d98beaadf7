import { routeBasePath, type Compiled, type GatewayLookup, type ListenerPlan, type RoutePlan } from '#model/gateways';
import { deepEqual, type Json } from '#model/objects';
import type { Gateway } from '#model/resources';
import type { GatewayChange, RefusedPart, UnavailableRoute } from '../../gateway.ts';
import { gatewayTerm, type Reading } from '../watching/terms.ts';
import { subjectId } from './change.ts';
import type { ListenerEntry, PlanCompiler, Source } from './source.ts';
import { TermIndex } from './term-index.ts';
import { emptyUnit, takeAnswer, takeCompiled, type Unit } from './unit.ts';

/** What one step came to: what the engine shall load, and what is loaded when it has. */
export interface Step {
  readonly change: Required<GatewayChange>;
  /** Whether there is more to compile. */
  readonly isUnfinished: boolean;
}

const apiTerm = /^API (.+)$/;
/** Before the names of who looks, and is no unit. */
const besides = 'besides ';

/**
 * The listeners and routes of one gateway: which plan each has loaded, and which of them a change concerns. A change makes
 * only those compile again that had looked at what has changed; bad material replaces nothing.
 */
export class PlanKeeper {
  readonly listeners = new Map<string, Unit<ListenerPlan>>();
  /** By `ns/name` of the API. */
  readonly routes = new Map<string, Unit<RoutePlan>>();
  readonly #source: Source;
  readonly #compiler: PlanCompiler;
  readonly #index = new TermIndex();
  readonly #dirtyHosts = new Set<string>();
  readonly #dirtyAPIs = new Set<string>();
  #entries = new Map<string, ListenerEntry>();
  #gateway: Gateway | undefined;
  #frame: Json | undefined;
  #isGatewayDirty = true;

  constructor(source: Source, compiler: PlanCompiler) {
    this.#source = source;
    this.#compiler = compiler;
  }

  get isDirty(): boolean {
    return this.#isGatewayDirty || this.#dirtyHosts.size > 0 || this.#dirtyAPIs.size > 0;
  }

  /** Nothing is left to compile, and nothing is on its way. */
  get isSettled(): boolean {
    return !this.isDirty && ![...this.listeners.values(), ...this.routes.values()].some(({ isWaiting }) => isWaiting);
  }

  /** What serves now. */
  loaded(): { readonly listeners: readonly ListenerPlan[]; readonly routes: readonly RoutePlan[] } {
    return {
      listeners: [...this.listeners.values()].flatMap(({ loaded }) => loaded ?? []),
      routes: [...this.routes.values()].flatMap(({ loaded }) => loaded ?? []),
    };
  }

  /** Looks at the source beside the plans, under a name that no host and no API can have. */
  look<T>(name: string, read: (lookup: GatewayLookup) => T): { readonly value: T; readonly reading: Reading } {
    const reading: Reading = { terms: new Set(), isWaiting: false };
    const value = read(this.#source.lookup(reading));
    this.#noteTerms(`${besides}${name}`, reading.terms);
    return { value, reading };
  }

  /** What was looked at under that name matters to nobody there any more. */
  lookAway(name: string): void {
    this.#noteTerms(`${besides}${name}`, new Set());
  }

  /** Keeps the plans of an earlier run at hand: they are loaded where, and as long as, nothing newer can be. */
  adopt(plans: { readonly listeners: readonly ListenerPlan[]; readonly routes: readonly RoutePlan[] }): void {
    for (const plan of plans.listeners) this.listeners.set(plan.host, { ...emptyUnit(), spare: plan });
    for (const plan of plans.routes) this.routes.set(plan.api, { ...emptyUnit(), spare: plan });
  }

  /** The plans of an earlier run for everything that has nothing loaded. */
  spares(): GatewayChange {
    return {
      listeners: [...this.listeners.values()].flatMap(spareOf),
      routes: [...this.routes.values()].flatMap(spareOf),
    };
  }

  /** The same for what the engine refused, if it was something else. */
  sparesFor(refused: readonly RefusedPart[]): GatewayChange {
    const ids = new Set(refused.map(({ subject }) => subjectId(subject)));
    const { listeners = [], routes = [] } = ids.size === 0 ? {} : this.spares();
    return {
      listeners: listeners.filter((plan) => ids.has(subjectId(plan))),
      routes: routes.filter((plan) => ids.has(subjectId(plan))),
    };
  }

  /** What these terms name has changed. */
  touch(terms: readonly string[]): void {
    for (const term of terms) {
      if (term === gatewayTerm) this.#isGatewayDirty = true;
      const api = apiTerm.exec(term)?.[1];
      if (api !== undefined) this.#dirtyAPIs.add(api);
      for (const unit of this.#index.unitsOf(term)) this.#touchUnit(unit);
    }
  }

  /** Time alone may have mended, or spoiled, what these are made of. */
  touchUnsettled(now: Date): void {
    for (const [host, unit] of this.listeners)
      if (isUnsettled(unit, unit.loaded?.identity.notAfter, now)) this.#dirtyHosts.add(host);
    for (const [api, unit] of this.routes) {
      if (isUnsettled(unit, unit.loaded?.upstream.identity?.notAfter, now)) this.#dirtyAPIs.add(api);
    }
  }

  /** Compiles what changes concern, as long as there is `time`. */
  step(now: Date, time: () => boolean): Step {
    const change = emptyChange();
    this.#reconcile(change);
    for (const host of this.#dirtyHosts) if (time()) this.#compileListener(this.#gateway, host, now, change);
    for (const api of this.#dirtyAPIs) if (time()) this.#compileRoute(this.#gateway, api, now, change);
    return { change, isUnfinished: this.isDirty };
  }

  /** Notes what the engine has taken of a change, and what not. */
  settle(change: GatewayChange, refused: readonly RefusedPart[], now: Date): void {
    const refusals = new Map(refused.map((part) => [subjectId(part.subject), part]));
    for (const plan of change.listeners ?? []) {
      const unit = this.listeners.get(plan.host)!;
      takeAnswer(unit, plan, refusals.get(subjectId(plan)), unit.loaded?.digest === plan.digest, now);
    }
    for (const plan of change.routes ?? []) {
      const unit = this.routes.get(plan.api)!;
      takeAnswer(unit, plan, refusals.get(subjectId(plan)), unit.loaded?.upstream.digest === plan.upstream.digest, now);
    }
  }

  #touchUnit(id: string): void {
    if (id.startsWith('host ')) this.#dirtyHosts.add(id.slice(5));
    else if (!id.startsWith(besides)) this.#dirtyAPIs.add(id.slice(4));
  }

  /** Finds what the Gateway itself adds, changes and takes away. */
  #reconcile(change: MutableChange): void {
    if (!this.#isGatewayDirty) return;
    this.#isGatewayDirty = false;
    this.#gateway = this.#source.gateway;
    const frame = frameOf(this.#gateway);
    const isReframed = this.#frame === undefined || !deepEqual(this.#frame, frame);
    this.#frame = frame;
    this.#reconcileListeners(isReframed, change);
    if (!isReframed) return;
    for (const key of this.routes.keys()) this.#dirtyAPIs.add(key);
    for (const { metadata } of this.#source.apis()) this.#dirtyAPIs.add(`${metadata.namespace}/${metadata.name}`);
  }

  #reconcileListeners(isReframed: boolean, change: MutableChange): void {
    const entries = new Map((this.#gateway?.spec.sni ?? []).map((entry) => [entry.host.toLowerCase(), entry]));
    for (const [host, entry] of entries) {
      const isSame = deepEqual(this.#entries.get(host), entry);
      if (isReframed || !isSame) this.#dirtyHosts.add(host);
    }
    for (const host of this.listeners.keys()) if (!entries.has(host)) this.#removeListener(host, change);
    this.#entries = entries;
  }

  #compileListener(gateway: Gateway | undefined, host: string, now: Date, change: MutableChange): void {
    this.#dirtyHosts.delete(host);
    const entry = this.#entries.get(host);
    if (gateway === undefined || entry === undefined) return;
    const unit = getOrAdd(this.listeners, host);
    const plan = this.#compile(subjectId({ host }), unit, (reading) =>
      this.#compiler.listener(this.#source.lookup(reading), gateway, entry, now),
    );
    if (plan !== undefined) change.listeners.push(plan);
  }

  #compileRoute(gateway: Gateway | undefined, key: string, now: Date, change: MutableChange): void {
    this.#dirtyAPIs.delete(key);
    const api = this.#source.api(key);
    if (gateway === undefined || api === undefined || !this.#compiler.serves(gateway, api)) {
      this.#removeRoute(key, change);
      return;
    }
    const unit = getOrAdd(this.routes, key);
    const plan = this.#compile(subjectId({ api: key }), unit, (reading) =>
      this.#compiler.route(this.#source.lookup(reading), gateway, api, now),
    );
    if (plan !== undefined) change.routes.push(plan);
    else if (unit.loaded === undefined && isToBeTold(unit)) {
      const { basePath } = api.spec;
      change.unavailable.push({ api: key, basePath: routeBasePath(basePath), message: unit.problem?.message ?? '' });
    }
  }

  #compile<P>(id: string, unit: Unit<P>, compile: (reading: Reading) => Compiled<P>): P | undefined {
    const reading: Reading = { terms: new Set(), isWaiting: false };
    const compiled = compileSafely(compile, reading);
    this.#noteTerms(id, reading.terms);
    return takeCompiled(unit, compiled, reading.isWaiting);
  }

  #removeListener(host: string, change: MutableChange): void {
    this.#dirtyHosts.delete(host);
    this.#forget(subjectId({ host }));
    if (this.listeners.delete(host)) change.removedHosts.push(host);
  }

  #removeRoute(api: string, change: MutableChange): void {
    this.#forget(subjectId({ api }));
    if (this.routes.delete(api)) change.removedAPIs.push(api);
  }

  #forget(id: string): void {
    this.#noteTerms(id, new Set());
  }

  #noteTerms(id: string, terms: ReadonlySet<string>): void {
    for (const term of this.#index.note(id, terms)) this.#source.forget(term);
  }
}

/** A fault in one object must not stop the others. Its words may hold what nobody should read. */
function compileSafely<P>(compile: (reading: Reading) => Compiled<P>, reading: Reading): Compiled<P> {
  try {
    return compile(reading);
  } catch (fault) {
    const name = fault instanceof Error ? fault.name : 'fault';
    return {
      ok: false,
      problem: { reason: 'MaterialUnreadable', message: `an internal fault (${name}) of the gateway` },
    };
  }
}

/** Nothing of it was ever loaded, and not because another API has its place, which goes on being served. */
function isToBeTold({ isWaiting, problem }: Unit<RoutePlan>): boolean {
  return !isWaiting && problem !== undefined && problem.reason !== 'BasePathTaken';
}

function isUnsettled(unit: Unit<unknown>, notAfter: string | undefined, now: Date): boolean {
  if (unit.problem !== undefined || unit.refusal !== undefined) return true;
  return notAfter !== undefined && new Date(notAfter) <= now;
}

/** The part of a Gateway that every plan rests on. */
function frameOf(gateway: Gateway | undefined): Json {
  if (gateway === undefined) return null;
  const { sni: _, title: __, ...frame } = gateway.spec;
  const { labels = {}, namespace = '' } = gateway.metadata;
  return { ...frame, labels, namespace };
}

const spareOf = <P>({ loaded, spare }: Unit<P>): P[] => (loaded === undefined && spare !== undefined ? [spare] : []);

function getOrAdd<P>(units: Map<string, Unit<P>>, key: string): Unit<P> {
  const found = units.get(key) ?? emptyUnit<P>();
  units.set(key, found);
  return found;
}

interface MutableChange {
  readonly listeners: ListenerPlan[];
  readonly removedHosts: string[];
  readonly routes: RoutePlan[];
  readonly unavailable: UnavailableRoute[];
  readonly removedAPIs: string[];
}

function emptyChange(): MutableChange {
  return { listeners: [], removedHosts: [], routes: [], unavailable: [], removedAPIs: [] };
}
