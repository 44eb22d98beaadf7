import { parameters as names } from '#edge/api';
import type { Verb } from './call.ts';
import { unreadable } from './invalid-options.ts';

const selection = [names.labelSelector, names.fieldSelector, names.limit, names.continue, names.sendInitialEvents];
const revision = [names.resourceVersion, names.resourceVersionMatch];
const removal = [names.propagationPolicy, names.orphanDependents, names.gracePeriodSeconds];

/** Parameters that would change what a verb means, if it knew them: a selector beside a name restricts nothing. */
const strangers: Readonly<Record<Verb, readonly string[]>> = {
  get: selection,
  list: [],
  watch: [],
  create: [...selection, ...revision, ...removal, names.force, names.watch],
  update: [...selection, ...revision, ...removal, names.force, names.watch],
  patch: [...selection, ...revision, ...removal, names.watch],
  delete: [...selection, ...revision, names.force, names.watch],
  deletecollection: [names.force, names.watch],
};

const known: ReadonlySet<string> = new Set(Object.values(names));
const folded: ReadonlyMap<string, string> = new Map([...known].map((name) => [name.toLowerCase(), name]));

/**
 * Looks for parameters that are not for this verb, or not known at all. `dryrun=All` must not delete, so a name that
 * differs from a known one in case only is refused, as is a known one in the wrong place; other names are told back to
 * the client as a warning. Fails with bad-request.
 */
export function checkParameterNames(verb: Verb, query: URLSearchParams, warnings: Set<string>): void {
  for (const name of query.keys()) {
    if (strangers[verb].includes(name)) throw unreadable(name, query.get(name) ?? '', `left out for ${verb}`);
    if (known.has(name)) continue;
    const meant = folded.get(name.toLowerCase());
    if (meant !== undefined) throw unreadable(name, query.get(name) ?? '', `written "${meant}"`);
    warnings.add(`query parameter ${JSON.stringify(name.slice(0, 64))} is not known here and was ignored`);
  }
}
