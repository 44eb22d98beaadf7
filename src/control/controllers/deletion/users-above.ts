import type { KubeObject } from '#model/objects';
import { endpointTerm, readEndpoint } from '#model/resources';
import type { EndpointCertificate } from '#model/resources';
import { isDefault, usersAmong } from '#model/statuses';
import { termOf } from '../usage/direct-users.ts';
import type { Reading } from '../usage/direct-users.ts';
import { usersOf } from '../usage/users.ts';

/** Far more than anybody reads, and a bound on what one question costs. */
const mostUsers = 1000;

interface User {
  readonly object: KubeObject;
  /** In words, with the way to what it uses. */
  readonly text: string;
  readonly below: User | undefined;
  /** What is made at installation matters only where something else rests on it. */
  counts: boolean;
}

/**
 * Everything that rests on an object, nearest first, in words: `API default/petstore via TLSClientProfile
 * default/petstore-client`. Found by indexes, however many objects there are; at most 1,000. What is being deleted itself
 * rests on nothing.
 */
export async function usersAbove(reading: Reading, object: KubeObject): Promise<string[]> {
  const found = await allAbove(reading, object);
  for (const user of found.toReversed()) if (user.counts && user.below !== undefined) user.below.counts = true;
  return found.filter(({ counts }) => counts).map(({ text }) => text);
}

async function allAbove(reading: Reading, object: KubeObject): Promise<User[]> {
  const known = new Set([termOf(object)]);
  const found: User[] = [];
  const add = (user: KubeObject, below: User | undefined): void => {
    const term = termOf(user);
    if (known.has(term) || found.length >= mostUsers) return;
    known.add(term);
    const text = below === undefined ? term : `${term} via ${below.text}`;
    found.push({ object: user, text, below, counts: !isDefault(user) });
  };
  for (const user of await usersNow(reading, object)) add(user, undefined);
  // Grows while it is gone through.
  for (const below of found) for (const user of await usersNow(reading, below.object)) add(user, below);
  return found;
}

async function usersNow(reading: Reading, object: KubeObject): Promise<KubeObject[]> {
  const users =
    object.kind === 'EndpointCertificate'
      ? await apisAt(reading, object as EndpointCertificate)
      : await usersOf(reading, object);
  return users.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
}

async function apisAt({ store, kinds }: Reading, certificate: EndpointCertificate): Promise<KubeObject[]> {
  const endpoint = readEndpoint(certificate.spec.endpoint);
  if ('problem' in endpoint) return [];
  const index = { name: 'endpoint', value: endpointTerm(endpoint.host, endpoint.port) };
  return usersAmong(certificate, (await store.list({ kind: kinds.api }, { index })).items);
}
