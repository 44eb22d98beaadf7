import type { RoutePlan } from '#model/gateways';
import type { BackendFailure } from '../failures/classify.ts';
import type { GatewayLog } from '../gateway.ts';

/** The same failure of the same API is written once in so long, with the number of times that it happened. */
const quietMilliseconds = 1000;
/** More kinds of failure than this at the same time are forgotten, and so written more often. */
const mostKinds = 1000;

interface Kind {
  /** Of `performance.now()`. */
  readonly writtenAt: number;
  unwritten: number;
}

/** Writes why backends could not be used, without letting a flood of requests become a flood of lines. */
export class FailureLog {
  readonly #log: GatewayLog;
  readonly #kinds = new Map<string, Kind>();

  constructor(log: GatewayLog) {
    this.#log = log;
  }

  /** `begun`: the caller had already got a part of the answer. */
  write(plan: RoutePlan, failure: BackendFailure, begun: boolean): void {
    const key = `${plan.api} ${plan.upstream.endpoint} ${failure.reason} ${begun}`;
    const now = performance.now();
    const known = this.#kinds.get(key);
    if (known !== undefined && now - known.writtenAt < quietMilliseconds) {
      known.unwritten += 1;
      return;
    }
    this.#remember(key, now);
    this.#write(plan, failure, begun, known?.unwritten ?? 0);
  }

  #remember(key: string, writtenAt: number): void {
    if (this.#kinds.size >= mostKinds) this.#kinds.clear();
    this.#kinds.set(key, { writtenAt, unwritten: 0 });
  }

  #write({ api, upstream }: RoutePlan, failure: BackendFailure, begun: boolean, unwritten: number): void {
    const { code, reason, message } = failure;
    const fields = { api, endpoint: upstream.endpoint, profile: upstream.profile, code, reason, begun, unwritten };
    this.#log.warn(fields, `request to ${api} failed at ${upstream.endpoint}: ${message}`);
  }
}
