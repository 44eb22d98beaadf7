import { endpointTerm, readBackend } from '#model/resources';
import type { API, Backend, Gateway } from '#model/resources';
import { noMemo, objectTerm } from '#model/stores';
import type { Problem, StoreMemo } from '#model/stores';
import { compileUpstream } from './compile-upstream.ts';
import type { GatewayLookup } from './lookup.ts';
import type { Compiled, RoutePlan, UpstreamPlan } from './plans.ts';
import { placeOf, placeText } from './profiles.ts';
import { keeperOf, routeBasePath, servesAPI } from './serving.ts';

/**
 * What the gateway does with requests for one API that it serves. Looks at the APIs with the same base path, the client
 * profile, its stores and what they are made from, and the endpoint certificates of the backend.
 */
export function compileRoute(
  lookup: GatewayLookup,
  gateway: Gateway,
  api: API,
  now: Date,
  memo: StoreMemo = noMemo,
): Compiled<RoutePlan> {
  const taken = takenProblem(lookup, gateway, api);
  if (taken !== undefined) return { ok: false, problem: taken };
  const wanted = gateway.spec.endpoints ?? 'production';
  const endpoint = api.spec.endpoints[wanted];
  if (endpoint === undefined) return { ok: false, problem: endpointMissing(api, wanted) };
  const backend = readBackend(endpoint.url);
  if ('problem' in backend) return { ok: false, problem: unreadable(api, wanted, backend.problem) };
  const upstream = compileUpstream({ lookup, gateway, now, memo }, api, backend, endpoint.tlsClientProfileRef);
  if (upstream.ok) return { ...upstream, plan: routeOf(api, backend, upstream.plan) };
  const { problem, fallback } = upstream;
  return { ok: false, problem, ...(fallback === undefined ? {} : { fallback: routeOf(api, backend, fallback) }) };
}

function routeOf(api: API, backend: Backend, upstream: UpstreamPlan): RoutePlan {
  const { host, port, secure, path } = backend;
  const isUsualPort = port === (secure ? 443 : 80);
  const place = endpointTerm(host, isUsualPort ? undefined : port);
  return {
    api: placeText(placeOf(api)),
    basePath: routeBasePath(api.spec.basePath),
    type: api.spec.type ?? 'REST',
    target: `${secure ? 'https' : 'http'}://${place}${path}`,
    targetPath: routeBasePath(path),
    upstream,
  };
}

/** Of two APIs with one base path the older keeps it: what is added later cannot take over what is in use. */
export function takenProblem(lookup: Pick<GatewayLookup, 'apisAt'>, gateway: Gateway, api: API): Problem | undefined {
  const rivals = lookup.apisAt(routeBasePath(api.spec.basePath)).filter((one) => servesAPI(gateway, one));
  const keeper = keeperOf([...rivals, api])!;
  if (placeText(placeOf(keeper)) === placeText(placeOf(api))) return undefined;
  const [own, other] = [api, keeper].map((one) => objectTerm('API', placeOf(one).namespace, placeOf(one).name));
  const message = `${own} and ${other} have the same base path ${api.spec.basePath || '/'}; the older, ${other}, keeps it`;
  return { reason: 'BasePathTaken', message, hint: 'Give one of them another basePath, or other gateways.' };
}

function endpointMissing(api: API, wanted: string): Problem {
  const { namespace, name } = placeOf(api);
  const message = `${objectTerm('API', namespace, name)} has no ${wanted} endpoint, which the gateway calls`;
  return { reason: 'EndpointMissing', message, hint: `Set endpoints.${wanted}, or name other gateways.` };
}

function unreadable(api: API, wanted: string, problem: string): Problem {
  const { namespace, name } = placeOf(api);
  const message = `${objectTerm('API', namespace, name)}: endpoints.${wanted}.url: ${problem}`;
  return { reason: 'EndpointMissing', message, hint: 'Write the URL of the backend, such as https://host:port/path.' };
}
