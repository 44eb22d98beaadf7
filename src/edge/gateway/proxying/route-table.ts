import type { RoutePlan } from '#model/gateways';
import type { Upstream } from '../backends/upstream.ts';
import type { UnavailableRoute } from '../gateway.ts';

/** Where requests under one base path go. */
export interface OpenRoute {
  readonly kind: 'open';
  readonly plan: RoutePlan;
  readonly upstream: Upstream;
  /** As the backend is asked for: without the port that its scheme implies. */
  readonly authority: string;
}

export interface ClosedRoute {
  readonly kind: 'unavailable';
  readonly plan: UnavailableRoute;
}

export type Route = OpenRoute | ClosedRoute;

/** Finds the route with the longest base path that a path lies under, segment by segment. */
export class RouteTable {
  readonly #byBasePath = new Map<string, Route>();
  readonly #byAPI = new Map<string, Route>();

  get(api: string): Route | undefined {
    return this.#byAPI.get(api);
  }

  set(route: Route): void {
    this.delete(route.plan.api);
    this.#byAPI.set(route.plan.api, route);
    this.#byBasePath.set(route.plan.basePath, route);
  }

  delete(api: string): void {
    const route = this.#byAPI.get(api);
    if (route === undefined) return;
    this.#byAPI.delete(api);
    if (this.#byBasePath.get(route.plan.basePath) === route) this.#byBasePath.delete(route.plan.basePath);
  }

  /** `path` is clean and may have a query. */
  find(path: string): Route | undefined {
    const queryAt = path.indexOf('?');
    let end = queryAt === -1 ? path.length : queryAt;
    while (end > 0) {
      const route = this.#byBasePath.get(path.slice(0, end));
      if (route !== undefined) return route;
      end = path.lastIndexOf('/', end - 1);
    }
    return this.#byBasePath.get('');
  }
}

/** What the backend is asked for: the target's path, then what follows the base path. */
export function backendPath(plan: RoutePlan, path: string): string {
  const rest = path.slice(plan.basePath.length);
  const joined = plan.targetPath + rest;
  return joined.startsWith('/') ? joined : `/${joined}`;
}

export function backendAuthority(plan: RoutePlan): string {
  const { endpoint, secure } = plan.upstream;
  const implied = secure ? ':443' : ':80';
  return endpoint.endsWith(implied) ? endpoint.slice(0, -implied.length) : endpoint;
}
