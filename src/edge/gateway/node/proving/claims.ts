import type { ListenerPlan, RoutePlan } from '#model/gateways';
import type { GatewayChange } from '../../gateway.ts';
import type { ProofPace } from '../node-options.ts';
import { listenerProofKey, upstreamProofKey } from './proof-keys.ts';
import { proveListener, type ListenerAddress } from './prove-listener.ts';
import { proveUpstream } from './prove-upstream.ts';
import type { Prover } from './prover.ts';

/** Claims what the engine has loaded: each host, and each way to dial a backend once, however many APIs share it. */
export class Claims {
  readonly #prover: Prover;
  readonly #pace: ProofPace;
  readonly #address: ListenerAddress;
  readonly #upstreamOf = new Map<string, string>();
  readonly #sharers = new Map<string, number>();

  constructor(prover: Prover, pace: ProofPace, address: ListenerAddress) {
    this.#prover = prover;
    this.#pace = pace;
    this.#address = address;
  }

  /** `change` is what the engine has taken. */
  take(change: GatewayChange): void {
    for (const host of change.removedHosts ?? []) this.#prover.withdraw(listenerProofKey({ host }));
    for (const api of change.removedAPIs ?? []) this.#leave(api);
    for (const plan of change.listeners ?? []) this.#claimListener(plan);
    for (const plan of change.routes ?? []) this.#claimUpstream(plan);
  }

  #claimListener(plan: ListenerPlan): void {
    const { listenersAgainMilliseconds, timeoutMilliseconds } = this.#pace;
    this.#prover.claim(listenerProofKey(plan), {
      digest: plan.digest,
      againMilliseconds: listenersAgainMilliseconds,
      prove: () => proveListener(plan, this.#address, timeoutMilliseconds),
    });
  }

  #claimUpstream(plan: RoutePlan): void {
    const key = upstreamProofKey(plan);
    if (this.#upstreamOf.get(plan.api) !== key) {
      this.#leave(plan.api);
      this.#upstreamOf.set(plan.api, key);
      this.#sharers.set(key, (this.#sharers.get(key) ?? 0) + 1);
    }
    const { upstreamsAgainMilliseconds, timeoutMilliseconds } = this.#pace;
    this.#prover.claim(key, {
      digest: plan.upstream.digest,
      againMilliseconds: upstreamsAgainMilliseconds,
      prove: () => proveUpstream(plan.upstream, timeoutMilliseconds),
    });
  }

  #leave(api: string): void {
    const key = this.#upstreamOf.get(api);
    if (key === undefined) return;
    this.#upstreamOf.delete(api);
    const sharers = this.#sharers.get(key)! - 1;
    if (sharers > 0) {
      this.#sharers.set(key, sharers);
      return;
    }
    this.#sharers.delete(key);
    this.#prover.withdraw(key);
  }
}
