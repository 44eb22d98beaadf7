import { ackRules } from './acks.ts';
import { joinGuards } from './guards.ts';
import type { Guard } from './guards/guard.ts';
import { rotationRules } from './next-rotation-step.ts';
import type { RotationRules } from './next-rotation-step.ts';
import type { RotationStage } from './stage.ts';

/**
 * A small world in which rotations go wrong, as values: nodes that all call each other over mutual TLS, one bundle that
 * all trust, one certificate for each. The engine decides in it; everything else is done by chance.
 */
export interface World {
  readonly nodes: readonly Node[];
  /** What the bundle held, by generation; the first is generation 1. A set is the letters of its CAs. */
  readonly bundle: readonly string[];
  readonly signer: string;
  readonly crossed: boolean;
  readonly previousKept: boolean;
  readonly rotations: readonly RotationRun[];
  /** What may still be done to the world. */
  readonly left: Budget;
  /** Decided and not yet done: by a controller that was stopped in between, and comes back. */
  readonly stalled: readonly StalledAct[];
}

export interface StalledAct {
  readonly rotation: number;
  readonly generation: number;
  /** JSON of the action. */
  readonly act: string;
}

/** How often chance may strike; crashes, delays and losses are unlimited. */
export interface Budget {
  readonly rotations: number;
  readonly rollbacks: number;
  readonly reimages: number;
  readonly renewals: number;
  readonly stalls: number;
  /** Other anchors that somebody adds to the bundle. */
  readonly edits: number;
}

export interface RotationRun {
  readonly old: string;
  readonly next: string;
  readonly stage: RotationStage;
  readonly history: readonly RotationStage[];
  readonly made: boolean;
  readonly recorded: boolean;
  readonly rollback: boolean;
  readonly result: '' | 'succeeded' | 'rolledBack' | 'failed';
}

/** One material in one node, as generations. Each only rises, but for a crash, which loads what is on disk. */
export interface Copy {
  readonly disk: number;
  readonly loaded: number;
  /** The earliest that a living process or a session still rests on. */
  readonly oldest: number;
  /** The highest that a handshake has ever shown in this incarnation. */
  readonly top: number;
}

export interface Node {
  /** `external`: only attested. `unfit`: its engine refuses what B signs, whatever it trusts. */
  readonly role: 'ours' | 'external' | 'unfit';
  readonly serving: boolean;
  /** Who signed its certificate, by generation; a crossed leaf is `x`. */
  readonly leaf: string;
  readonly trust: Copy;
  readonly cert: Copy;
  /** What the incarnation before had reached; its reports may still arrive. */
  readonly past: { readonly trust: number; readonly cert: number } | undefined;
  /** Generation of the rotation for which somebody vouched last. */
  readonly word: number | undefined;
}

/** What is explored: the world to begin with, and the rules that hold in it. */
export interface Setting {
  readonly world: World;
  readonly rules: RotationRules;
  readonly joinGuards: readonly Guard[];
  /** Whether a stalled act is checked against the generation when it is done at last. */
  readonly fenced: boolean;
  /** `both`: bundles take A signed by B instead of A, as OpenShift's service CA does. */
  readonly crossSign: boolean | 'both';
  readonly emergency: boolean;
  readonly sameKey: boolean;
  /** Whether engines answer Success when they have changed nothing. */
  readonly liars: boolean;
}

export const noBudget: Budget = { rotations: 0, rollbacks: 0, reimages: 0, renewals: 0, stalls: 0, edits: 0 };

export const freshCopy: Copy = { disk: 1, loaded: 1, oldest: 1, top: 1 };

const node = (role: Node['role']): Node => ({
  role,
  serving: true,
  leaf: 'A',
  trust: freshCopy,
  cert: freshCopy,
  past: undefined,
  word: undefined,
});

export function runOf(old: string, next: string): RotationRun {
  return { old, next, stage: 'Stable', history: [], made: false, recorded: false, rollback: false, result: '' };
}

/** Everybody trusts A and presents a leaf of A; a rotation to B was asked for. */
export function settingWith(
  roles: readonly Node['role'][],
  left: Partial<Budget> = {},
  changes: Partial<Setting> = {},
): Setting {
  const world: World = {
    nodes: roles.map(node),
    bundle: ['A'],
    signer: 'A',
    crossed: false,
    previousKept: false,
    rotations: [runOf('A', 'B')],
    left: { ...noBudget, ...left },
    stalled: [],
  };
  const fixed = { joinGuards, fenced: true, crossSign: false, emergency: false, sameKey: false, liars: true } as const;
  return { world, rules: { ...rotationRules, acks: ackRules }, ...fixed, ...changes };
}

/** One text for all worlds that differ only in the names of their nodes. */
export function keyOf(world: World): string {
  const { bundle, signer, crossed, previousKept, rotations, left, stalled } = world;
  const nodes = world.nodes.map(nodeKey).sort().join('/');
  const runs = rotations.map((run) => runKey(run)).join('/');
  const flags = `${signer}${crossed ? 'x' : ''}${previousKept ? 'p' : ''}`;
  const budget = `${left.rotations}${left.rollbacks}${left.reimages}${left.renewals}${left.stalls}${left.edits}`;
  const waiting = stalled.map(({ rotation, generation, act }) => `${rotation}${generation}${act}`).join();
  return `${nodes}|${bundle.join()}|${flags}|${runs}|${budget}|${waiting}`;
}

function nodeKey({ role, serving, leaf, trust, cert, past, word }: Node): string {
  const before = past === undefined ? '' : `${past.trust}${past.cert}`;
  return `${role[0]}${serving ? 's' : '-'}${leaf},${copyKey(trust)},${copyKey(cert)},${before},${word ?? ''}`;
}

function copyKey({ disk, loaded, oldest, top }: Copy): string {
  return `${disk}${loaded}${oldest}${top}`;
}

function runKey({ old, next, history, made, recorded, rollback, result }: RotationRun): string {
  const stages = history.map((stage) => stage[0]).join('');
  return `${old}${next}${stages}${made ? 'm' : ''}${recorded ? 'r' : ''}${rollback ? 'b' : ''}${result}`;
}
