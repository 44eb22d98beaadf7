import type { FieldError } from '#model/objects';
import type { Kind } from '#model/resources';
import type { Selection } from '#control/store';
import { parameters as names } from '#edge/api';
import { invalidOptions } from './invalid-options.ts';
import { resourceVersionOf, selectionOf } from './list-parameters.ts';
import { booleanOf, choiceOf, forbiddenField, integerOf } from './parameters.ts';

export interface WatchParameters extends Selection {
  readonly resourceVersion?: string;
  readonly bookmarks: boolean;
  /** Undefined when the client did not say. */
  readonly sendInitialEvents?: boolean;
  readonly timeoutSeconds?: number;
}

/** Options of a watch, checked as Kubernetes checks them. Fails with bad-request and invalid. */
export function watchParametersOf(query: URLSearchParams, kind: Kind): WatchParameters {
  const errors: FieldError[] = [];
  const match = choiceOf(query, names.resourceVersionMatch, ['Exact', 'NotOlderThan'], errors);
  const sendInitialEvents = booleanOf(query, names.sendInitialEvents);
  errors.push(...initialEventsErrors(sendInitialEvents, match));
  if (errors.length > 0) throw invalidOptions('ListOptions', errors);
  const resourceVersion = resourceVersionOf(query);
  const timeoutSeconds = integerOf(query, names.timeoutSeconds);
  return {
    ...selectionOf(query, kind),
    bookmarks: booleanOf(query, names.allowWatchBookmarks) ?? false,
    ...(resourceVersion === undefined ? {} : { resourceVersion }),
    ...(sendInitialEvents === undefined ? {} : { sendInitialEvents }),
    ...(timeoutSeconds ? { timeoutSeconds } : {}),
  };
}

function initialEventsErrors(sendInitialEvents: boolean | undefined, match: string | undefined): FieldError[] {
  if (sendInitialEvents === undefined) {
    const text = 'resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided';
    return match === undefined ? [] : [forbiddenField(names.resourceVersionMatch, text)];
  }
  if (match === 'NotOlderThan') return [];
  const text = 'sendInitialEvents requires setting resourceVersionMatch to NotOlderThan';
  return [forbiddenField(names.resourceVersionMatch, text)];
}
