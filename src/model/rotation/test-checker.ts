import assert from 'node:assert/strict';
import { issuerOf } from './test-snapshot.ts';
import { movesFrom } from './test-moves.ts';
import { keyOf } from './test-world.ts';
import type { Copy, Node, RotationRun, Setting, World } from './test-world.ts';

/** What exploring found. */
export interface Exploration {
  readonly states: number;
  /** The shortest way to a world that must not be; undefined when there is none. */
  readonly violation: { readonly trace: readonly string[]; readonly wrong: string } | undefined;
  /** Whether every world was seen, and not only the first `limit`. */
  readonly complete: boolean;
  /** Ways to end: `succeeded`, `rolledBack`. */
  readonly results: ReadonlySet<string>;
}

/** Issues of one leaf after which a world is left alone: rotations that fight each other never end. */
const longestLeaf = 6;

interface Seen {
  readonly world: World;
  readonly from: number;
  readonly move: string;
}

/** Breadth first through all worlds that can come about, up to the first that must not. */
export function explore(setting: Setting, limit = 300_000): Exploration {
  const keys = new Set([keyOf(setting.world)]);
  const seen: Seen[] = [{ world: setting.world, from: -1, move: '' }];
  const results = new Set<string>();
  for (let at = 0; at < seen.length && seen.length < limit; at++) {
    const { world } = seen[at]!;
    for (const { result } of world.rotations) results.add(result);
    const wrong = wrongIn(world, setting);
    if (wrong !== undefined)
      return { states: seen.length, violation: { trace: traceTo(seen, at), wrong }, complete: false, results };
    if (world.nodes.some(({ leaf }) => leaf.length > longestLeaf)) continue;
    for (const { name, to } of movesFrom(world, setting)) {
      const key = keyOf(to);
      if (keys.has(key)) continue;
      keys.add(key);
      seen.push({ world: to, from: at, move: name });
    }
  }
  return { states: seen.length, violation: undefined, complete: seen.length < limit, results };
}

function traceTo(seen: readonly Seen[], at: number): string[] {
  const trace: string[] = [];
  for (let place = at; place > 0; place = seen[place]!.from) trace.unshift(seen[place]!.move);
  return trace;
}

/** What is wrong with a world: somebody is refused, or a CA is accepted of which it was said that it is refused. */
export function wrongIn(world: World, setting: Setting): string | undefined {
  if (setting.emergency && world.rotations.some(({ result }) => result === '')) return undefined;
  return refusalIn(world, setting) ?? world.rotations.map((run) => lingeringIn(world, run, setting)).find(Boolean);
}

function refusalIn(world: World, setting: Setting): string | undefined {
  for (const [place, verifier] of world.nodes.entries()) {
    if (!verifier.serving) continue;
    for (const [other, presenter] of world.nodes.entries()) {
      if (!presenter.serving || (other === place && world.nodes.length > 1)) continue;
      const found = refusalBetween(world, verifier, presenter, setting);
      if (found !== undefined) return `node ${place + 1} ${found} of node ${other + 1}`;
    }
  }
  return undefined;
}

function refusalBetween({ bundle }: World, verifier: Node, presenter: Node, setting: Setting): string | undefined {
  for (const trust of inUse(verifier.trust)) {
    for (const cert of inUse(presenter.cert)) {
      const [set, leaf] = [bundle[trust - 1]!, presenter.leaf[cert - 1]!];
      if (!accepts(set, leaf, verifier, setting)) return `with trust {${set}} refuses leaf ${leaf}`;
    }
  }
  return undefined;
}

/** From the oldest context that lives to the newest: more than there are, never fewer. */
function inUse({ oldest, loaded }: Copy): number[] {
  return Array.from({ length: loaded - oldest + 1 }, (_, index) => oldest + index);
}

/** `x` is a leaf of B that comes with B signed by A. `+` in a set is A signed by B. */
function accepts(set: string, leaf: string, { role }: Node, { sameKey }: Setting): boolean {
  if (role === 'unfit' && issuerOf(leaf) === 'B') return false;
  if (sameKey) return true;
  if (leaf === 'x') return set.includes('A') || set.includes('B');
  return set.includes(leaf) || (leaf === 'A' && set.includes('+') && set.includes('B'));
}

function lingeringIn(
  { nodes, bundle }: World,
  { result, old, next }: RotationRun,
  { sameKey }: Setting,
): string | undefined {
  if (result === '' || result === 'failed' || sameKey) return undefined;
  const gone = result === 'succeeded' ? old : next;
  const place = nodes.findIndex(
    ({ role, serving, trust }) =>
      role !== 'external' && serving && [...inUse(trust), trust.disk].some((one) => bundle[one - 1]!.includes(gone)),
  );
  return place < 0 ? undefined : `node ${place + 1} accepts ${gone}, of which it was said that it is refused`;
}

/** The ways into worlds from which no rotation ends whatever happens; explores everything. */
export function deadEnds(setting: Setting, limit = 300_000): string[][] {
  const places = new Map([[keyOf(setting.world), 0]]);
  const seen: Seen[] = [{ world: setting.world, from: -1, move: '' }];
  const before: number[][] = [[]];
  for (let at = 0; at < seen.length; at++) {
    assert.ok(seen.length < limit, 'too many worlds');
    for (const { name, to } of movesFrom(seen[at]!.world, setting)) {
      const key = keyOf(to);
      const place = places.get(key) ?? seen.length;
      if (place === seen.length) {
        places.set(key, place);
        seen.push({ world: to, from: at, move: name });
        before.push([]);
      }
      before[place]!.push(at);
    }
  }
  const alive = backFrom(seen, before);
  return [...seen.keys()].filter((at) => !alive.has(at)).map((at) => traceTo(seen, at));
}

function backFrom(seen: readonly Seen[], before: readonly (readonly number[])[]): Set<number> {
  const alive = new Set<number>();
  const ended = [...seen.keys()].filter((at) => seen[at]!.world.rotations.every(({ result }) => result !== ''));
  for (const open = ended; open.length > 0;) {
    const at = open.pop()!;
    if (alive.has(at)) continue;
    alive.add(at);
    open.push(...before[at]!);
  }
  return alive;
}
