import type { KubeObject } from '#model/objects';
import { chanceryKeys, refTerm } from '#model/resources';
import type { API, Gateway } from '#model/resources';
import { servesAPI } from '#model/gateways';
import { objectTerm } from '#model/stores';

/** Whether the object was made at installation, for tests and demonstrations. */
export function isDefault({ metadata }: KubeObject): boolean {
  return metadata.labels?.[chanceryKeys.isDefault] === 'true';
}

/** Of the users of a profile, gateways and APIs, the production gateways on which it is in use. */
export function productionGateways(
  profile: KubeObject,
  users: readonly KubeObject[],
  gateways: readonly Gateway[],
): string[] {
  const term = `${profile.metadata.namespace ?? ''}/${profile.metadata.name}`;
  const apis = users.filter(({ kind }) => kind === 'API') as API[];
  const direct = new Set(users.filter(({ kind }) => kind === 'Gateway').map(termOf));
  return gateways
    .filter(({ spec }) => spec.production === true)
    .filter((gateway) => direct.has(termOf(gateway)) || apis.some((api) => callsWith(gateway, api, term)))
    .map(termOf);
}

/** Whether the gateway calls the API's backend by the profile (`ns/name`). */
export function callsWith(gateway: Gateway, api: API, profile: string): boolean {
  const ref = api.spec.endpoints[gateway.spec.endpoints ?? 'production']?.tlsClientProfileRef;
  return ref !== undefined && refTerm(ref, api.metadata.namespace) === profile && servesAPI(gateway, api);
}

const termOf = ({ kind, metadata }: KubeObject): string => objectTerm(kind, metadata.namespace, metadata.name);
