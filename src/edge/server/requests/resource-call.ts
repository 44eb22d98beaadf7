import { CodedError } from '#errors';
import { parameters } from '#edge/api';
import type { ResourcePath } from '#edge/api';
import type { Kind, KindRegistry } from '#model/resources';
import { reviewKinds } from '../identity/reviews.ts';
import type { ReviewKind } from '../identity/reviews.ts';
import type { Call, ResourceCall, Verb } from './call.ts';
import { booleanOf } from './parameters.ts';

/** 404 for places that no kind has. */
export function noSuchResource(): CodedError {
  return new CodedError('not-found', 'the server could not find the requested resource');
}

function notAllowed(): CodedError {
  return new CodedError('method-not-allowed', 'the server does not allow this method on the requested resource');
}

/** The self-review at a place, if there is one. Fails with method-not-allowed unless it is asked by POST. */
export function reviewAt(method: string, place: ResourcePath): ReviewKind | undefined {
  const review = reviewKinds.find(
    ({ group, version, plural }) => group === place.group && version === place.version && plural === place.plural,
  );
  if (review === undefined) return undefined;
  if (place.name !== undefined || place.namespace !== undefined) throw noSuchResource();
  if (method !== 'POST') throw notAllowed();
  return review;
}

/** What is to be done to which kind. Fails with not-found and method-not-allowed. */
export function resourceCallOf(call: Call, place: ResourcePath, registry: KindRegistry): ResourceCall {
  const kind = registry.byPlural(place.group, place.version, place.plural);
  if (kind === undefined) throw noSuchResource();
  refuseWrongScope(kind, place);
  const verb = verbOf(call, place, kind);
  if (verb === undefined) throw notAllowed();
  return { ...call, place, kind, verb };
}

function refuseWrongScope(kind: Kind, { namespace, name, subresource }: ResourcePath): void {
  if (!kind.namespaced && namespace !== undefined) throw noSuchResource();
  if (kind.namespaced && namespace === undefined && name !== undefined) throw noSuchResource();
  if (subresource !== undefined && !(subresource === 'status' && kind.hasStatus)) throw noSuchResource();
}

const objectVerbs: Readonly<Record<string, Verb>> = { GET: 'get', PUT: 'update', PATCH: 'patch', DELETE: 'delete' };
const statusMethods: readonly string[] = ['GET', 'PUT', 'PATCH'];

function verbOf({ method, query }: Call, place: ResourcePath, kind: Kind): Verb | undefined {
  if (place.subresource !== undefined && !statusMethods.includes(method)) return undefined;
  if (place.name !== undefined) return objectVerbs[method];
  if (method === 'GET') return booleanOf(query, parameters.watch) ? 'watch' : 'list';
  if (kind.namespaced && place.namespace === undefined) return undefined;
  return method === 'POST' ? 'create' : method === 'DELETE' ? 'deletecollection' : undefined;
}
