import type { KubeObject } from '#model/objects';
import { endpointTerm, readEndpoint } from '#model/resources';
import type { EndpointCertificate } from '#model/resources';
import { usersAmong } from '../endpoint-certificates/uses.ts';
import { directUsers, termOf } from '../usage/direct-users.ts';
import type { Reading } from '../usage/direct-users.ts';

/** Far more than anybody reads, and a bound on what one question costs. */
const mostUsers = 1000;

/**
 * Everything that rests on an object, nearest first, in words: `API default/petstore via TLSClientProfile
 * default/petstore-client`. Found by indexes, however many objects there are; at most 1,000. What is being deleted itself
 * rests on nothing.
 */
export async function usersAbove(reading: Reading, object: KubeObject): Promise<string[]> {
  const paths = new Map<string, string>();
  let next: { readonly object: KubeObject; readonly path: string }[] = [{ object, path: '' }];
  while (next.length > 0 && paths.size < mostUsers) {
    const level = next;
    next = [];
    for (const { object: used, path } of level) {
      for (const user of await usersOf(reading, used)) {
        const term = termOf(user);
        if (paths.has(term) || term === termOf(object) || paths.size >= mostUsers) continue;
        paths.set(term, `${term}${path}`);
        next.push({ object: user, path: ` via ${term}${path}` });
      }
    }
  }
  return [...paths.values()];
}

async function usersOf(reading: Reading, object: KubeObject): Promise<KubeObject[]> {
  const users =
    object.kind === 'EndpointCertificate'
      ? await apisAt(reading, object as EndpointCertificate)
      : await directUsers(reading, object);
  return users.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
}

async function apisAt({ store, kinds }: Reading, certificate: EndpointCertificate): Promise<KubeObject[]> {
  const endpoint = readEndpoint(certificate.spec.endpoint);
  if ('problem' in endpoint) return [];
  const index = { name: 'endpoint', value: endpointTerm(endpoint.host, endpoint.port) };
  return usersAmong(certificate, (await store.list({ kind: kinds.api }, { index })).items);
}
