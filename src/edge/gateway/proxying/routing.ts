import type { RoutePlan } from '#model/gateways';
import { Upstream } from '../backends/upstream.ts';
import type { RefusedPart, UnavailableRoute } from '../gateway.ts';
import type { GatewayLimits } from '../limits.ts';
import type { OpenRoute } from './route-table.ts';
import { backendAuthority, RouteTable } from './route-table.ts';
import { Tunnels } from './tunnels.ts';

interface Shared {
  readonly upstream: Upstream;
  /** Routes that use it. */
  users: number;
}

/** The routes of a gateway and the connections behind them: what is replaced is not used again, and ends in its time. */
export class Routing {
  readonly table = new RouteTable();
  readonly tunnels = new Tunnels();
  readonly #limits: GatewayLimits;
  readonly #shared = new Map<string, Shared>();
  readonly #retired = new Set<Upstream>();

  constructor(limits: GatewayLimits) {
    this.#limits = limits;
  }

  get upstreams(): number {
    return this.#shared.size;
  }

  /** Sends requests by a plan from now on. What OpenSSL refuses replaces nothing. */
  load(plan: RoutePlan): RefusedPart | undefined {
    let upstream: Upstream;
    try {
      upstream = this.#use(plan);
    } catch (error) {
      const { code, name, message } = error as NodeJS.ErrnoException;
      return { subject: { api: plan.api }, code: code ?? name, message };
    }
    const before = this.table.get(plan.api);
    this.table.set({ kind: 'open', plan, upstream, authority: backendAuthority(plan) });
    if (before?.kind === 'open') this.#leave(before);
    this.tunnels.replace(plan.api, plan);
    return undefined;
  }

  /** Only where nothing was ever loaded: what serves goes on serving. */
  announce(plan: UnavailableRoute): void {
    if (this.table.get(plan.api)?.kind !== 'open') this.table.set({ kind: 'unavailable', plan });
  }

  remove(api: string): void {
    const before = this.table.get(api);
    this.table.delete(api);
    this.tunnels.replace(api, undefined);
    if (before?.kind === 'open') this.#leave(before);
  }

  /** Whether connections to the endpoint that were made by an earlier plan are open. */
  hasFormer(endpoint: string): boolean {
    return [...this.#retired].some(({ plan, over }) => plan.endpoint === endpoint && !over);
  }

  sweep(now: number): void {
    for (const { upstream } of this.#shared.values()) upstream.sweep(now);
    for (const upstream of this.#retired) {
      upstream.sweep(now);
      if (upstream.over) this.#retired.delete(upstream);
    }
  }

  close(error: Error): void {
    this.tunnels.closeAll();
    for (const { upstream } of this.#shared.values()) upstream.destroy(error);
    for (const upstream of this.#retired) upstream.destroy(error);
  }

  #use(plan: RoutePlan): Upstream {
    const { digest } = plan.upstream;
    const shared = this.#shared.get(digest) ?? { upstream: new Upstream(plan.upstream, this.#limits), users: 0 };
    this.#shared.set(digest, shared);
    shared.users += 1;
    return shared.upstream;
  }

  #leave(route: OpenRoute): void {
    const { digest } = route.plan.upstream;
    const shared = this.#shared.get(digest);
    if (shared === undefined) return;
    shared.users -= 1;
    if (shared.users > 0) return;
    this.#shared.delete(digest);
    this.#retired.add(shared.upstream);
    shared.upstream.retire();
  }
}
