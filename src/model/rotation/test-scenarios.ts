import type { Guard } from './guards/guard.ts';
import type { Transition } from './guards.ts';
import { runOf, settingWith } from './test-world.ts';
import type { Node, Setting } from './test-world.ts';

/** Worlds to explore; in all of them nodes crash, load and write in any order, and reports are lost, late and doubled. */

type Role = Node['role'];

const nodes = (count: number, ...others: readonly Role[]): Role[] => [
  ...Array.from({ length: count }, () => 'ours' as const),
  ...others,
];

export const scenarios = {
  'three nodes that crash': () => settingWith(nodes(3)),
  'a renewal on schedule in the middle': () => settingWith(nodes(3), { renewals: 1 }),
  'a bundle edited in the middle': () => settingWith(nodes(2), { edits: 1 }),
  'a rollback at any time': () => settingWith(nodes(3), { rollbacks: 1 }),
  'a renewal and a rollback': () => settingWith(nodes(2), { rollbacks: 1, renewals: 1 }),
  'a rollback, and another try': () => settingWith(nodes(2), { rollbacks: 1, rotations: 1 }),
  'three rotations back to back': () => settingWith(nodes(3), { rotations: 2 }),
  'a node made anew from an old image': () => settingWith(nodes(2), { reimages: 1 }),
  'a node that nobody can look at': () => settingWith(nodes(1, 'external'), { rollbacks: 1 }),
  'an engine that refuses what the next CA signs': () => settingWith(nodes(2, 'unfit'), { rollbacks: 1 }),
  'a controller that stops, and goes on when all has changed': () =>
    settingWith(nodes(1), { stalls: 1, rollbacks: 1, renewals: 1 }),
  'two rotations of one CA at once': () => withRivals(settingWith(nodes(1), { rollbacks: 1 })),
  'a next CA that was brought along': () => withNextCA(settingWith(nodes(3))),
  'leaves that are from the next CA already': () => withEarlyLeaves(settingWith(nodes(2), { renewals: 1 })),
  'cross-certificates': () => settingWith(nodes(2), {}, { crossSign: true }),
  'the same key': () => settingWith(nodes(2), {}, { sameKey: true }),
  'an emergency': () => settingWith(nodes(1), {}, { emergency: true }),
} satisfies Readonly<Record<string, () => Setting>>;

/** Larger worlds, for the long suite. */
export const largeScenarios = {
  'three nodes, a rollback, another try, and a renewal': () =>
    settingWith(nodes(3), { rollbacks: 1, rotations: 1, renewals: 1 }),
  'three nodes, one made anew': () => settingWith(nodes(3), { reimages: 1 }),
  'two nodes, one made anew, a rollback': () => settingWith(nodes(2), { reimages: 1, rollbacks: 1 }),
  'three nodes, one of them external': () => settingWith(nodes(2, 'external'), { rollbacks: 1 }),
  'three nodes, a bundle edited': () => settingWith(nodes(3), { edits: 1 }),
  'two nodes in an emergency': () => settingWith(nodes(2), {}, { emergency: true }),
  'four nodes, a rollback': () => settingWith(nodes(4), { rollbacks: 1 }),
  'two nodes, a controller that stops': () => settingWith(nodes(2), { stalls: 1, rollbacks: 1 }),
  'cross-certificates and a rollback': () => settingWith(nodes(2), { rollbacks: 1 }, { crossSign: true }),
} satisfies Readonly<Record<string, () => Setting>>;

export type ScenarioName = keyof typeof scenarios;

function withRivals(setting: Setting): Setting {
  return { ...setting, world: { ...setting.world, rotations: [runOf('A', 'B'), runOf('A', 'C')] } };
}

function withNextCA(setting: Setting): Setting {
  return { ...setting, world: { ...setting.world, rotations: [{ ...runOf('A', 'B'), made: true }] } };
}

function withEarlyLeaves(setting: Setting): Setting {
  const nodes = setting.world.nodes.map((node) => ({ ...node, leaf: 'B' }));
  return { ...setting, world: { ...setting.world, nodes, bundle: ['AB'] } };
}

/** The setting without the guards that `goes` names. */
export function withoutGuards(setting: Setting, goes: (guard: Guard) => boolean): Setting {
  const kept = (guards: readonly Guard[]): readonly Guard[] => guards.filter((guard) => !goes(guard));
  const cut = (transition: Transition): Transition => ({ ...transition, guards: kept(transition.guards) });
  const { rules, joinGuards } = setting;
  const thinned = { ...rules, staged: rules.staged.map(cut), emergency: rules.emergency.map(cut) };
  return { ...setting, rules: thinned, joinGuards: kept(joinGuards) };
}

/** The setting without the rule of that name for what makes an acknowledgement count. */
export function withoutRule(setting: Setting, name: string): Setting {
  const acks = setting.rules.acks.filter((rule) => rule.name !== name);
  return { ...setting, rules: { ...setting.rules, acks } };
}
