import type { FieldError } from '#model/objects';
import { parseFieldSelector, parseLabelSelector } from '#model/objects';
import type { Kind } from '#model/resources';
import type { ListOptions, Selection } from '#control/store';
import { CodedError } from '#errors';
import { parameters as names } from '#edge/api';
import { invalidOptions, unreadable } from './invalid-options.ts';
import { choiceOf, forbiddenField, integerOf, textOf } from './parameters.ts';

const matches = ['Exact', 'NotOlderThan'] as const;

/** Options of a list, checked as Kubernetes checks them. Fails with bad-request and invalid. */
export function listOptionsOf(query: URLSearchParams, kind: Kind): ListOptions {
  const errors: FieldError[] = [];
  const resourceVersion = resourceVersionOf(query);
  const match = choiceOf(query, names.resourceVersionMatch, matches, errors);
  const token = textOf(query, names.continue);
  if (query.has(names.sendInitialEvents)) {
    errors.push(forbiddenField(names.sendInitialEvents, 'sendInitialEvents is forbidden for list'));
  }
  errors.push(...matchErrors(match, resourceVersion, token));
  if (errors.length > 0) throw invalidOptions('ListOptions', errors);
  refuseRevisionWithContinue(resourceVersion, token);
  return {
    ...selectionOf(query, kind),
    ...pageOf(integerOf(query, names.limit), token),
    ...(resourceVersion === undefined ? {} : { resourceVersion }),
    ...(match === undefined ? {} : { match }),
  };
}

function pageOf(limit: number | undefined, token: string | undefined): Pick<ListOptions, 'limit' | 'continue'> {
  return { ...(limit ? { limit } : {}), ...(token === undefined ? {} : { continue: token }) };
}

function refuseRevisionWithContinue(resourceVersion: string | undefined, token: string | undefined): void {
  if (token === undefined || resourceVersion === undefined || resourceVersion === '0') return;
  throw new CodedError('bad-request', 'specifying resource version is not allowed when using continue', {
    field: names.resourceVersion,
  });
}

function matchErrors(
  match: string | undefined,
  resourceVersion: string | undefined,
  token: string | undefined,
): FieldError[] {
  if (match === undefined) return [];
  const field = names.resourceVersionMatch;
  if (token !== undefined) {
    return [forbiddenField(field, 'resourceVersionMatch is forbidden when continue is provided')];
  }
  if (resourceVersion === undefined) {
    return [forbiddenField(field, 'resourceVersionMatch is forbidden unless resourceVersion is provided')];
  }
  if (match !== 'Exact' || resourceVersion !== '0') return [];
  return [forbiddenField(field, 'resourceVersionMatch "exact" is forbidden for resourceVersion "0"')];
}

/** `resourceVersion` as given; fails with bad-request unless it is a whole number. */
export function resourceVersionOf(query: URLSearchParams): string | undefined {
  const value = textOf(query, names.resourceVersion);
  if (value === undefined || /^\d{1,15}$/.test(value)) return value;
  throw unreadable(names.resourceVersion, value, 'a resource version that the server gave out');
}

/** Both selectors, parsed once here so that a wrong one is refused before anything is read. */
export function selectionOf(query: URLSearchParams, kind: Kind): Selection {
  const labels = textOf(query, names.labelSelector);
  const fields = textOf(query, names.fieldSelector);
  if (labels !== undefined) parseLabelSelector(labels);
  if (fields !== undefined) parseFieldSelector(fields, kind.selectableFields);
  return { ...(labels === undefined ? {} : { labels }), ...(fields === undefined ? {} : { fields }) };
}
