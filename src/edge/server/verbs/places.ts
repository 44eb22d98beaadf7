import { CodedError } from '#errors';
import { qualifiedPlural } from '#edge/api';
import type { Named, Ref } from '#control/store';
import type { ResourceCall } from '../requests/call.ts';

/** The collection that a call is about. */
export function collectionOf({ kind, place }: ResourceCall): Ref {
  return place.namespace === undefined ? { kind } : { kind, namespace: place.namespace };
}

/** The object that a call is about. */
export function objectOf(call: ResourceCall): Named {
  return { ...collectionOf(call), name: call.place.name! };
}

/** 404 in the words that kubectl knows. */
export function objectNotFound(call: ResourceCall): CodedError {
  return new CodedError('not-found', `${qualifiedPlural(call.kind)} "${call.place.name}" not found`);
}
