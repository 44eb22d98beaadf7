import type { Duplex } from 'node:stream';
import { TLSSocket } from 'node:tls';
import type { RoutePlan } from '#model/gateways';
import { isStillTrusted } from '../trust/still-trusted.ts';
import { shownChain } from '../trust/shown-chain.ts';
import { upstreamTrustChange } from '../trust/trust-change.ts';

/** `plan` is the one that the backend was dialled by. */
export interface Tunnel {
  readonly plan: RoutePlan;
  readonly caller: Duplex;
  readonly backend: Duplex;
}

/** The WebSockets that are open. They outlive a change of their API, unless it takes away the trust that they rest on. */
export class Tunnels {
  readonly #byAPI = new Map<string, Set<Tunnel>>();

  /** `rest` came with the backend's answer; `now` is the plan of the API by now, which may be another than asked by. */
  open(tunnel: Tunnel, rest: Buffer, now: RoutePlan | undefined): void {
    const { plan, caller, backend } = tunnel;
    const siblings = this.#byAPI.get(plan.api) ?? new Set();
    this.#byAPI.set(plan.api, siblings.add(tunnel));
    join(tunnel, () => this.#forget(tunnel));
    if (isToEnd(tunnel, now)) return void backend.destroy();
    if (rest.length > 0) caller.write(rest);
    caller.pipe(backend);
    backend.pipe(caller);
  }

  /** Ends those of the API that the new plan would not trust, or all when there is no new plan. */
  replace(api: string, after: RoutePlan | undefined): void {
    for (const tunnel of this.#byAPI.get(api) ?? []) {
      if (isToEnd(tunnel, after)) tunnel.backend.destroy();
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

function isToEnd(tunnel: Tunnel, after: RoutePlan | undefined): boolean {
  if (after === undefined) return true;
  const change = upstreamTrustChange(tunnel.plan.upstream, after.upstream);
  if (change === undefined) return false;
  return !(tunnel.backend instanceof TLSSocket && isStillTrusted(shownChain(tunnel.backend), change));
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
