import { hostProfile } from '#model/gateways';
import type { KubeObject } from '#model/objects';
import { readBackend, serverTerms } from '#model/resources';
import type { API, TLSClientProfile } from '#model/resources';
import { termOf, type Reading } from './direct-users.ts';

/** The APIs that name no profile for an endpoint and are called with `profile`, because it is for that server. */
export async function hostProfileUsers(reading: Reading, profile: TLSClientProfile): Promise<API[]> {
  const servers = serverTerms(profile);
  if (servers.length === 0) return [];
  const apis = await apisAt(reading, servers);
  const rivals = await rivalsFor(reading, apis);
  return apis.filter((api) => profilesOf(api, rivals).some((one) => termOf(one) === termOf(profile)));
}

async function apisAt({ store, kinds }: Reading, servers: readonly string[]): Promise<API[]> {
  const found = await Promise.all(
    servers.map((value) => store.list({ kind: kinds.api }, { index: { name: 'server', value } })),
  );
  return distinct(found.flatMap(({ items }) => items));
}

/** Every profile that is for some server of these APIs: one of them may be closer. */
async function rivalsFor({ store, kinds }: Reading, apis: readonly API[]): Promise<TLSClientProfile[]> {
  const servers = new Set(apis.flatMap((api) => kinds.api.indexes['server']!(api)));
  const found = await Promise.all(
    [...servers].map((value) => store.list({ kind: kinds.clientProfile }, { index: { name: 'server', value } })),
  );
  return distinct(found.flatMap(({ items }) => items));
}

function profilesOf(api: API, candidates: readonly TLSClientProfile[]): TLSClientProfile[] {
  const { production, sandbox } = api.spec.endpoints;
  return [production, sandbox].flatMap((endpoint) => {
    if (endpoint === undefined || endpoint.tlsClientProfileRef !== undefined) return [];
    const backend = readBackend(endpoint.url);
    return 'problem' in backend || !backend.secure ? [] : (hostProfile(candidates, api, backend) ?? []);
  });
}

function distinct<T extends KubeObject>(objects: readonly T[]): T[] {
  return [...new Map(objects.map((object) => [termOf(object), object])).values()];
}
