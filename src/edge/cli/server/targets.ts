import { UsageError } from '../failure.ts';
import { findKind, type ServedKind } from './kinds.ts';

/** A kind, and the names asked for; none = all of them. */
export interface Target {
  readonly kind: ServedKind;
  readonly names: readonly string[];
}

/** What `args` name: `certs`, `certs,issuers`, `cert a b`, `cert/a issuer/b`, or a category such as `cert-manager`. */
export function parseTargets(kinds: readonly ServedKind[], args: readonly string[]): Target[] {
  if (args.length === 0) throw new UsageError('name a resource type, such as "certificates" or "issuer/my-ca"');
  if (args.some((argument) => argument.includes('/')))
    return joinNeighbours(args.map((argument) => parseSlashed(kinds, argument)));
  const [types, ...names] = args;
  const wanted = types!.split(',').flatMap((word) => expandCategory(kinds, word));
  return wanted.map((kind) => ({ kind, names }));
}

function expandCategory(kinds: readonly ServedKind[], word: string): ServedKind[] {
  const inCategory = kinds.filter(({ categories }) => categories.includes(word));
  return inCategory.length > 0 ? inCategory : [findKind(kinds, word)];
}

function parseSlashed(kinds: readonly ServedKind[], argument: string): Target {
  const [type, name, ...rest] = argument.split('/');
  if (rest.length > 0) throw new UsageError('arguments in resource/name form may not have more than one slash');
  if (!type || !name)
    throw new UsageError(`"${argument}" is not of the form TYPE/NAME; with one TYPE/NAME, every argument must be`);
  return { kind: findKind(kinds, type), names: [name] };
}

/** Names of one type that follow each other are one target, and become one table. */
function joinNeighbours(targets: readonly Target[]): Target[] {
  const joined: Target[] = [];
  for (const target of targets) {
    const last = joined.at(-1);
    if (last?.kind !== target.kind) joined.push(target);
    else joined[joined.length - 1] = { kind: last.kind, names: [...last.names, ...target.names] };
  }
  return joined;
}

/** The namespace that a named object is looked for in; undefined for kinds that have none. */
export function namespaceOfNamed(namespace: string | undefined, kind: ServedKind): string | undefined {
  if (!kind.namespaced) return undefined;
  if (namespace === undefined)
    throw new UsageError('a resource cannot be retrieved by name across all namespaces: leave -A out, or use -n');
  return namespace;
}

/** What to say when a list is empty, in kubectl's words. */
export function noneFound(namespace: string | undefined, kinds: readonly ServedKind[]): string {
  if (namespace === undefined || !kinds.some(({ namespaced }) => namespaced)) return 'No resources found\n';
  return `No resources found in ${namespace} namespace.\n`;
}
