import { objectTerm } from '#model/stores';
import { edgesOf } from './edges.ts';
import { holdersIn } from './holders.ts';
import type { UsageSnapshot } from './snapshot.ts';
import { userKinds } from './used-by.ts';
import type { UsageSubject, UsedBy, UserKind } from './used-by.ts';

/**
 * Everybody who uses the subject, directly or over others, each once and on the shortest way; by kind, then by name. The
 * first question about a snapshot looks at all of it, every further one only at the users.
 */
export function whereUsed(snapshot: UsageSnapshot, subject: UsageSubject): UsedBy[] {
  const graph = graphOf(snapshot);
  const walk = 'fingerprint' in subject ? fromHolders(graph, subject.fingerprint) : fromObject(subject);
  climb(graph, walk);
  return [...walk.ways].flatMap(([term, via]) => userAt(term, via)).sort(byKindAndName);
}

interface Graph {
  readonly usersOf: ReadonlyMap<string, ReadonlySet<string>>;
  readonly holdersOf: ReadonlyMap<string, ReadonlySet<string>>;
}

const graphs = new WeakMap<UsageSnapshot, Graph>();

function graphOf(snapshot: UsageSnapshot): Graph {
  const graph = graphs.get(snapshot) ?? {
    usersOf: grouped(edgesOf(snapshot), ({ used, user }) => [used, user]),
    holdersOf: grouped(holdersIn(snapshot), ({ fingerprint, holder }) => [fingerprint, holder]),
  };
  graphs.set(snapshot, graph);
  return graph;
}

function grouped<T>(all: Iterable<T>, pair: (one: T) => readonly [string, string]): Map<string, Set<string>> {
  const groups = new Map<string, Set<string>>();
  for (const one of all) {
    const [key, value] = pair(one);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, new Set([value]));
    else group.add(value);
  }
  return groups;
}

/** What was reached, with what lies between it and the subject, and from where to go on. */
interface Walk {
  readonly ways: Map<string, readonly string[]>;
  readonly start: string | undefined;
  next: string[];
}

function fromObject({ kind, namespace, name }: Exclude<UsageSubject, { fingerprint: string }>): Walk {
  const start = objectTerm(kind, namespace, name);
  return { ways: new Map(), start, next: [start] };
}

function fromHolders({ holdersOf }: Graph, fingerprint: string): Walk {
  const holders = [...(holdersOf.get(fingerprint.toLowerCase()) ?? [])];
  return { ways: new Map(holders.map((holder) => [holder, []])), start: undefined, next: holders };
}

/** Breadth first, so that the first way to a user is a shortest one. */
function climb({ usersOf }: Graph, walk: Walk): void {
  for (let at = walk.next; at.length > 0; at = walk.next) {
    walk.next = [];
    for (const used of at) {
      const via = used === walk.start ? [] : [used, ...walk.ways.get(used)!];
      for (const user of usersOf.get(used) ?? []) reach(walk, user, via);
    }
  }
}

function reach(walk: Walk, user: string, via: readonly string[]): void {
  if (user === walk.start || walk.ways.has(user)) return;
  walk.ways.set(user, via);
  walk.next.push(user);
}

/** A Certificate and its Secret lie on the way, but use nothing. */
function userAt(term: string, via: readonly string[]): UsedBy[] {
  const [kind, place] = term.split(' ', 2) as [UserKind, string];
  if (!userKinds.includes(kind)) return [];
  const slash = place.indexOf('/');
  const [namespace, name] = [place.slice(0, slash), place.slice(slash + 1)];
  const text = via.length === 0 ? term : `${term} via ${via.join(', ')}`;
  return [{ kind, namespace, name, via, text }];
}

function byKindAndName(a: UsedBy, b: UsedBy): number {
  const order = userKinds.indexOf(a.kind) - userKinds.indexOf(b.kind);
  if (order !== 0) return order;
  const [first, second] = [`${a.namespace}/${a.name}`, `${b.namespace}/${b.name}`];
  return first < second ? -1 : Number(first > second);
}
