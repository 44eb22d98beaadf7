import { systemNamespace } from '#model/resources';
import type { API, Gateway } from '#model/resources';

/** A base path in the one form in which they are compared: it begins with `/` and ends with none; `` for the root. */
export function routeBasePath(basePath: string): string {
  return basePath.replace(/\/+$/, '');
}

/** Whether the gateway calls the API: its namespace is one that the gateway serves, and the API names no other gateways. */
export function servesAPI(gateway: Gateway, api: API): boolean {
  const { gateways } = api.spec;
  const isNamed = gateways === undefined || gateways.length === 0 || gateways.includes(gateway.metadata.name);
  return isNamed && servesNamespace(gateway, api.metadata.namespace ?? '');
}

function servesNamespace({ metadata, spec }: Gateway, namespace: string): boolean {
  const { apiNamespaces = [] } = spec;
  if (apiNamespaces.length > 0) return apiNamespaces.includes(namespace);
  return metadata.namespace === systemNamespace || metadata.namespace === namespace;
}

/** Of APIs with one base path the one that keeps it: the oldest, and of equally old ones the first by name. */
export function keeperOf(apis: readonly API[]): API | undefined {
  return apis.reduce<API | undefined>(
    (keeper, api) => (keeper !== undefined && precedence(keeper) <= precedence(api) ? keeper : api),
    undefined,
  );
}

const precedence = ({ metadata }: API): string =>
  `${metadata.creationTimestamp} ${metadata.namespace ?? ''}/${metadata.name}`;
