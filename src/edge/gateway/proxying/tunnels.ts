import type { Duplex } from 'node:stream';
import { TLSSocket } from 'node:tls';
import type { RoutePlan } from '#model/gateways';
import { isStillTrusted } from '../trust/still-trusted.ts';
import { shownChain } from '../trust/shown-chain.ts';
import { upstreamTrustChange } from '../trust/trust-change.ts';

interface Tunnel {
  readonly plan: RoutePlan;
  readonly caller: Duplex;
  readonly backend: Duplex;
}

/** The WebSockets that are open. They outlive a change of their API, unless it takes away the trust that they rest on. */
export class Tunnels {
  readonly #byAPI = new Map<string, Set<Tunnel>>();

  open(plan: RoutePlan, caller: Duplex, backend: Duplex, rest: Buffer): void {
    const tunnel: Tunnel = { plan, caller, backend };
    const siblings = this.#byAPI.get(plan.api) ?? new Set();
    this.#byAPI.set(plan.api, siblings.add(tunnel));
    join(tunnel, () => this.#forget(tunnel));
    if (rest.length > 0) caller.write(rest);
    caller.pipe(backend);
    backend.pipe(caller);
  }

  /** Ends those of the API that the new plan would not trust, or all when there is no new plan. */
  replace(api: string, after: RoutePlan | undefined): void {
    for (const tunnel of this.#byAPI.get(api) ?? []) {
      if (after === undefined || !outlives(tunnel, after)) tunnel.backend.destroy();
    }
  }

  closeAll(): void {
    for (const siblings of this.#byAPI.values()) for (const tunnel of siblings) tunnel.backend.destroy();
  }

  #forget(tunnel: Tunnel): void {
    const siblings = this.#byAPI.get(tunnel.plan.api);
    siblings?.delete(tunnel);
    if (siblings?.size === 0) this.#byAPI.delete(tunnel.plan.api);
  }
}

function outlives(tunnel: Tunnel, after: RoutePlan): boolean {
  const change = upstreamTrustChange(tunnel.plan.upstream, after.upstream);
  if (change === undefined) return true;
  return tunnel.backend instanceof TLSSocket && isStillTrusted(shownChain(tunnel.backend), change);
}

/** When one side is gone, so is the other. */
function join({ caller, backend }: Tunnel, closed: () => void): void {
  const close = (): void => {
    caller.destroy();
    backend.destroy();
    closed();
  };
  caller.once('close', close).on('error', ignore);
  backend.once('close', close).on('error', ignore);
}

/** `close` follows. */
function ignore(): void {}
