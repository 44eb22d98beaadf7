import { randomBytes } from 'node:crypto';
import type { Duplex } from 'node:stream';
import type { BackendRequest } from '../backends/exchange.ts';
import { failureAnswer } from '../failures/answer.ts';
import type { BackendFailure } from '../failures/classify.ts';
import type { CallerFailureCode } from '../failures/codes.ts';
import type { GatewayLog } from '../gateway.ts';
import type { GatewayLimits } from '../limits.ts';
import type { Counters } from '../stats.ts';
import type { Caller } from './caller.ts';
import { forwardedFor } from './caller-connection.ts';
import { cleanPath } from './clean-path.ts';
import { FailureLog } from './failure-log.ts';
import { Forwarding } from './forwarding.ts';
import type { ForwardingOwner } from './forwarding.ts';
import type { RequestHeaders } from './request-headers.ts';
import { readRequestHeaders } from './request-headers.ts';
import type { OpenRoute, RouteTable } from './route-table.ts';
import { backendPath } from './route-table.ts';
import type { Tunnels } from './tunnels.ts';

export interface ProxyOptions {
  readonly routes: RouteTable;
  readonly tunnels: Tunnels;
  readonly limits: GatewayLimits;
  readonly counters: Counters;
  readonly log: GatewayLog;
}

/** Methods whose meaning is not the resource's: TRACE shows a caller's own headers to scripts, CONNECT wants a tunnel. */
const refusedMethods = new Set(['CONNECT', 'TRACE', 'TRACK']);
/** RFC 3986 section 3.2 without user information. */
const hostAndPort = /^(?:[\w.~!$&'()*+,;=%-]+|\[[\da-f:.]+\])(?::\d{0,5})?$/iu;

/** Takes the requests of all callers, finds their routes, and hands them to the connections of the backends. */
export class Proxy implements ForwardingOwner {
  readonly #options: ProxyOptions;
  /** By which the gateway knows a request that it has seen before (RFC 9110 section 7.6.3). */
  readonly #via = `chancery-${randomBytes(6).toString('hex')}`;

  readonly #failures: FailureLog;

  constructor(options: ProxyOptions) {
    this.#options = options;
    this.#failures = new FailureLog(options.log);
  }

  accept(caller: Caller): void {
    const { counters, limits } = this.#options;
    counters.requests += 1;
    if (counters.requestsInFlight >= limits.requestsInFlight) return this.refuse(caller, 'gateway-overloaded');
    if (refusedMethods.has(caller.method)) return this.refuse(caller, 'method-refused');
    if (caller.rawHeaders.length > limits.headerFields * 2) return this.refuse(caller, 'header-too-large');
    const reading = readRequestHeaders(caller.rawHeaders);
    if (!reading.ok) return this.refuse(caller, reading.code);
    return this.#route(caller, reading.headers);
  }

  refuse(caller: Caller, code: CallerFailureCode, message?: string): void {
    this.#options.counters.failed(code);
    const { status, headers, body } = failureAnswer(code, message);
    caller.answer(status, headers, body);
  }

  again(path: string): OpenRoute | undefined {
    const route = this.#options.routes.find(path);
    return route?.kind === 'open' ? route : undefined;
  }

  tunnel(route: OpenRoute, caller: Duplex, backend: Duplex, rest: Buffer): void {
    const { routes, tunnels } = this.#options;
    const now = routes.get(route.plan.api);
    tunnels.open({ plan: route.plan, caller, backend }, rest, now?.kind === 'open' ? now.plan : undefined);
  }

  failed(route: OpenRoute, caller: Caller, failure: BackendFailure): void {
    this.#options.counters.failed(failure.code);
    this.#failures.write(route.plan, failure, caller.begun);
  }

  over(): void {
    this.#options.counters.requestsInFlight -= 1;
  }

  #route(caller: Caller, headers: RequestHeaders): void {
    const target = originForm(caller.target);
    const authority = target?.authority ?? caller.authority ?? headers.host;
    if (authority === undefined ? caller.version !== '1.0' : !hostAndPort.test(authority)) {
      return this.refuse(caller, 'bad-request');
    }
    if (authority !== undefined && !caller.connection.allows(authority))
      return this.refuse(caller, 'misdirected-request');
    const path = target === undefined ? undefined : cleanPath(target.path);
    if (path === undefined) return this.refuse(caller, 'path-refused');
    if (headers.via?.includes(this.#via) === true) return this.refuse(caller, 'loop-detected');
    return this.#forward(caller, headers, authority, path);
  }

  #forward(caller: Caller, headers: RequestHeaders, authority: string | undefined, path: string): void {
    const route = this.#options.routes.find(path);
    if (route === undefined) return this.refuse(caller, 'no-such-api');
    if (route.kind === 'unavailable') return this.refuse(caller, 'no-material', route.plan.message);
    this.#options.counters.requestsInFlight += 1;
    const request = this.#requestFor(caller, headers, authority, path, route);
    if (request.body !== undefined) caller.invite();
    return new Forwarding(this, caller, route, path, request).begin();
  }

  #requestFor(
    caller: Caller,
    headers: RequestHeaders,
    authority: string | undefined,
    path: string,
    route: OpenRoute,
  ): BackendRequest {
    const hasBody = headers.isChunked || (headers.contentLength ?? (caller.version === '2.0' ? 1 : 0)) > 0;
    const body = hasBody ? caller.body() : undefined;
    this.#addFacts(headers, caller, authority);
    return {
      method: caller.method,
      path: backendPath(route.plan, path),
      authority: route.authority,
      headers: headers.kept,
      body,
      wantsTrailers: headers.wantsTrailers,
      bodyBytes: body === undefined ? undefined : headers.contentLength,
      upgrade: headers.isWebSocket && caller.version === '1.1' && body === undefined && caller.method === 'GET',
    };
  }

  #addFacts(headers: RequestHeaders, caller: Caller, authority: string | undefined): void {
    const { kept, via } = headers;
    for (const fact of caller.connection.facts) kept.push(fact);
    const { remoteAddress } = caller.connection;
    const host = authority === undefined ? '' : `;host="${authority}"`;
    kept.push('forwarded', `for=${forwardedFor(remoteAddress)}${host};proto=https`);
    if (authority !== undefined) kept.push('x-forwarded-host', authority);
    kept.push('via', `${via === undefined ? '' : `${via}, `}${caller.version} ${this.#via}`);
  }
}

/** RFC 9112 section 3.2.2: the absolute form's host counts, whatever the header says. */
function originForm(target: string): { path: string; authority?: string } | undefined {
  if (target.startsWith('/')) return { path: target };
  const match = /^https?:\/\/([^/?#@]+)(\/[^#]*)?$/iu.exec(target);
  return match === null ? undefined : { path: match[2] ?? '/', authority: match[1]! };
}
