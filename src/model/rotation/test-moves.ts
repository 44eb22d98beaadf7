import { admission } from './admission.ts';
import { isCurrent, nextRotationStep } from './next-rotation-step.ts';
import type { RotationSnapshot } from './snapshot.ts';
import type { RotationAction, WriteStatus } from './step.ts';
import { issuerOf, snapshotOf } from './test-snapshot.ts';
import { freshCopy, runOf } from './test-world.ts';
import type { Copy, Node, RotationRun, Setting, StalledAct, World } from './test-world.ts';

/** One thing that can happen next. */
export interface Move {
  readonly name: string;
  readonly to: World;
}

/** All that can happen next in a world. */
export function movesFrom(world: World, setting: Setting): Move[] {
  return [
    ...world.rotations.flatMap((_, index) => engineMoves(world, setting, index)),
    ...userMoves(world),
    ...stalledMoves(world, setting),
    ...world.nodes.flatMap((_, index) => nodeMoves(world, setting, index)),
  ];
}

/** What the engine does on being shown `snapshot`. */
export function engineMoves(
  world: World,
  setting: Setting,
  index: number,
  snapshot = snapshotOf(world, setting, index),
): Move[] {
  const step = nextRotationStep(snapshot, setting.rules);
  if (step.do === 'wait') return [];
  const who = world.rotations.length > 1 ? `rotation ${index + 1}: ` : '';
  if (step.do === 'write') return [{ name: `${who}${step.why}`, to: written(world, index, step) }];
  const done = performed(world, setting, index, step.act).map((to) => ({ name: `${who}${wording(step.act)}`, to }));
  if (world.left.stalls === 0) return done;
  const late = { rotation: index, generation: step.generation, act: JSON.stringify(step.act) };
  const left = { ...world.left, stalls: world.left.stalls - 1 };
  const to = { ...world, left, stalled: [...world.stalled, late] };
  return [...done, { name: `${who}a controller stops before: ${wording(step.act)}`, to }];
}

function wording(act: RotationAction): string {
  const { action, ...rest } = act;
  return [action, ...Object.values(rest).map(String)].join(' ');
}

function changed(world: World, index: number, change: Partial<RotationRun>): World {
  return { ...world, rotations: world.rotations.with(index, { ...world.rotations[index]!, ...change }) };
}

function written(world: World, index: number, { change }: WriteStatus): World {
  const { stage, next, history, result } = change;
  return changed(world, index, {
    ...(stage === undefined ? {} : { stage, history: history!.map((moment) => moment.stage) }),
    ...(next === undefined ? {} : { recorded: true }),
    ...(result === undefined ? {} : { result }),
  });
}

/** The worlds after an action; several when it is done piece by piece. Doing it again changes nothing. */
function performed(world: World, setting: Setting, index: number, act: RotationAction): World[] {
  switch (act.action) {
    case 'makeNextCA':
      return [changed(world, index, { made: true })];
    case 'addAnchor':
      return [withBundle(world, (set) => (setting.crossSign === 'both' ? 'B+' : joined(set, act.fingerprint)))];
    case 'withdrawAnchor':
      return [withBundle(world, (set) => set.replace(act.fingerprint, ''))];
    case 'swapSigner':
      return [{ ...world, signer: act.to, crossed: setting.crossSign !== false, previousKept: true }];
    case 'restoreSigner':
      return [{ ...world, signer: act.to, crossed: false }];
    case 'reissue':
      return act.leaves.map((place) => issued(world, Number(place.slice('leaf/'.length))));
    case 'deletePrevious':
      return [{ ...world, previousKept: false }];
    case 'dropCross':
      return [{ ...world, crossed: false }];
    case 'flushSessions':
    case 'deleteNext':
    case 'restart':
      return [];
    default:
      return act satisfies never;
  }
}

function joined(set: string, letter: string): string {
  return set.includes(letter) ? set : set + letter;
}

function withBundle(world: World, change: (set: string) => string): World {
  const before = world.bundle.at(-1)!;
  const after = change(before);
  return after === before ? world : { ...world, bundle: [...world.bundle, after] };
}

function issued(world: World, index: number): World {
  const letter = world.crossed && world.signer === 'B' ? 'x' : world.signer;
  return withNode(world, index, { leaf: world.nodes[index]!.leaf + letter });
}

function withNode(world: World, index: number, change: Partial<Node>): World {
  return { ...world, nodes: world.nodes.with(index, { ...world.nodes[index]!, ...change }) };
}

export function userMoves(world: World): Move[] {
  const { left, rotations } = world;
  const moves: Move[] = [];
  const current = rotations.findIndex(
    ({ result, rollback, stage }) => result === '' && !rollback && stage !== 'Stable',
  );
  if (left.rollbacks > 0 && current >= 0) {
    const to = { ...changed(world, current, { rollback: true }), left: { ...left, rollbacks: left.rollbacks - 1 } };
    moves.push({ name: `the user asks rotation ${current + 1} to roll back`, to });
  }
  if (left.rotations > 0 && rotations.every(({ result }) => result !== '')) {
    moves.push({ name: 'the user asks for another rotation', to: another(world) });
  }
  if (left.edits > 0) {
    const to = withBundle({ ...world, left: { ...left, edits: left.edits - 1 } }, (set) => joined(set, 'D'));
    moves.push({ name: 'somebody adds another CA to the bundle', to });
  }
  return moves;
}

/** The last one is over: words given for it count no more. */
function another(world: World): World {
  const run = runOf(world.signer, world.signer === 'A' ? 'B' : 'A');
  return {
    ...world,
    rotations: [run],
    left: { ...world.left, rotations: world.left.rotations - 1 },
    nodes: world.nodes.map((node) => ({ ...node, word: undefined })),
  };
}

function stalledMoves(world: World, setting: Setting): Move[] {
  return world.stalled.flatMap((late, place) => {
    const without = { ...world, stalled: world.stalled.toSpliced(place, 1) };
    const act = JSON.parse(late.act) as RotationAction;
    if (!mayStill(world, late, setting))
      return [{ name: 'the stopped controller finds itself out of date', to: without }];
    return performed(without, setting, late.rotation, act).map((to) => ({
      name: `the stopped controller goes on: ${wording(act)}`,
      to,
    }));
  });
}

function mayStill({ rotations }: World, late: StalledAct, { fenced }: Setting): boolean {
  if (!fenced) return true;
  const { stage, history } = rotations[late.rotation]!;
  const act = { do: 'act' as const, generation: late.generation, act: JSON.parse(late.act) as RotationAction };
  return isCurrent(act, { stage, generation: history.length, history: [] });
}

/** What happens to a node, and in it. It joins by what it shows itself, or by what `snapshot` says of it. */
export function nodeMoves(world: World, setting: Setting, index: number, snapshot?: RotationSnapshot): Move[] {
  const node = world.nodes[index]!;
  const change = (what: string, change: Partial<Node>): Move => ({
    name: `node ${index + 1} ${what}`,
    to: withNode(world, index, change),
  });
  return [
    ...copyMoves(node.trust, world.bundle.length, (one) => `trust {${world.bundle[one - 1]}} of generation ${one}`).map(
      ({ what, copy }) => change(what, { trust: copy }),
    ),
    ...copyMoves(node.cert, node.leaf.length, (one) => `leaf ${node.leaf[one - 1]} of generation ${one}`).map(
      ({ what, copy }) => change(what, { cert: copy }),
    ),
    ...crashes(node).map((after) => change('crashes and comes back from its disk', after)),
    ...reimaged(world, index),
    ...joins(world, setting, index, snapshot),
    ...vouches(world, index),
    ...renews(world, index),
  ];
}

/** What may become of one material, in any order and at any time; late arrivals too, as long as they are newer. */
function copyMoves(copy: Copy, newest: number, name: (generation: number) => string): { what: string; copy: Copy }[] {
  const moves: { what: string; copy: Copy }[] = [];
  for (let one = copy.disk + 1; one <= newest; one++) {
    moves.push({ what: `writes ${name(one)} to disk`, copy: { ...copy, disk: one } });
  }
  for (let one = copy.loaded + 1; one <= newest; one++) {
    moves.push({ what: `loads ${name(one)}`, copy: { ...copy, loaded: one, top: Math.max(copy.top, one) } });
  }
  if (copy.oldest < copy.loaded) moves.push({ what: 'ends what is older', copy: { ...copy, oldest: copy.loaded } });
  return moves;
}

function back({ disk, top }: Copy): Copy {
  return { disk, loaded: disk, oldest: disk, top: Math.max(top, disk) };
}

function crashes({ trust, cert }: Node): { trust: Copy; cert: Copy }[] {
  const after = { trust: back(trust), cert: back(cert) };
  const same = [trust.loaded, trust.oldest].every((one) => one === trust.disk);
  return same && [cert.loaded, cert.oldest].every((one) => one === cert.disk) ? [] : [after];
}

/** It is thrown away and made from an image of the first day; it serves again when it is let. */
function reimaged(world: World, index: number): Move[] {
  const { trust, cert } = world.nodes[index]!;
  if (world.left.reimages === 0) return [];
  const past = { trust: Math.min(trust.disk, trust.top), cert: Math.min(cert.disk, cert.top) };
  const to = withNode(world, index, { trust: freshCopy, cert: freshCopy, serving: false, past });
  const left = { ...world.left, reimages: world.left.reimages - 1 };
  return [{ name: `node ${index + 1} is made anew from an old image, out of service`, to: { ...to, left } }];
}

function joins(world: World, setting: Setting, index: number, shown?: RotationSnapshot): Move[] {
  if (world.nodes[index]!.serving) return [];
  const last = world.rotations.length - 1;
  const snapshot = shown ?? snapshotOf(world, setting, last);
  const { admitted } = admission(snapshot, snapshot.instances[index]!, setting.joinGuards, setting.rules.acks);
  return admitted ? [{ name: `node ${index + 1} joins`, to: withNode(world, index, { serving: true }) }] : [];
}

/** Somebody says of an external node what is true of it then. */
function vouches(world: World, index: number): Move[] {
  const { role, trust, cert, leaf, word } = world.nodes[index]!;
  const { stage, history, next, old } = world.rotations[0]!;
  if (role !== 'external' || word === history.length) return [];
  const wanted = stage === 'Rollback' ? old : next;
  const isTrue =
    stage === 'TrustBoth'
      ? [trust.disk, trust.oldest].every((one) => one === world.bundle.length) && world.bundle.at(-1)!.includes(next)
      : [cert.disk, cert.oldest].every((one) => one === leaf.length) && issuerOf(leaf.at(-1)!) === wanted;
  if (!isTrue) return [];
  return [{ name: `somebody vouches for node ${index + 1}`, to: withNode(world, index, { word: history.length }) }];
}

function renews(world: World, index: number): Move[] {
  if (world.left.renewals === 0) return [];
  const left = { ...world.left, renewals: world.left.renewals - 1 };
  return [{ name: `the leaf of node ${index + 1} is renewed on schedule`, to: { ...issued(world, index), left } }];
}
