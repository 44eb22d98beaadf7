import { ackLevels } from './snapshot.ts';
import type {
  Ack,
  AckLevel,
  CAFacts,
  InstanceState,
  LeafState,
  MaterialState,
  RotationProgress,
  RotationSnapshot,
} from './snapshot.ts';
import type { Copy, Node, RotationRun, Setting, World } from './test-world.ts';

/** What the engine is shown of a world. */

const at = (milliseconds: number): Date => new Date(milliseconds);
const now = at(1000);
const farOff = at(1e12);

const authorities: Readonly<Record<string, CAFacts>> = Object.fromEntries(
  ['A', 'B', 'C'].map((letter) => [
    letter,
    { fingerprint: letter, subject: 'CN=ca', notAfter: farOff, subjectKeyId: letter, path: [letter] },
  ]),
);

/** The engine's view of rotation `index`, with the reports that suit a reckless engine best. */
export function snapshotOf(world: World, setting: Setting, index: number): RotationSnapshot {
  const run = world.rotations[index]!;
  return {
    now,
    name: `rotation-${index}`,
    wish: {
      key: setting.sameKey ? 'same' : 'new',
      subject: 'same',
      crossSign: setting.crossSign !== false,
      emergency: setting.emergency,
      rollback: run.rollback,
      attestations: attestationsIn(world),
    },
    progress: progressOf(run),
    oldCA: authorities[run.old]!,
    nextCA: run.made ? authorities[run.next] : undefined,
    signer: { current: world.signer, crossed: world.crossed, previousKept: world.previousKept, nextKept: false },
    bundles: [bundleOf(world)],
    leaves: world.nodes.map(leafOf),
    instances: world.nodes.map((node, place) => instanceOf(world, node, place, setting)),
    links: linksOf(world, run),
    others: world.rotations.flatMap((other, place) =>
      place === index || other.result !== ''
        ? []
        : [{ name: `rotation-${place}`, stage: other.stage, authorities: [other.old, other.next] }],
    ),
  };
}

function attestationsIn({ nodes }: World): RotationSnapshot['wish']['attestations'] {
  return nodes.flatMap(({ role, word }, place) =>
    role === 'external' && word !== undefined
      ? [{ consumer: `w/${place}`, by: 'somebody', until: farOff, generation: word }]
      : [],
  );
}

function progressOf({ stage, history, recorded, old, next, result }: RotationRun): RotationProgress {
  return {
    stage,
    generation: history.length,
    history: history.map((stage, index) => ({ stage, generation: index + 1, at: now })),
    ...(history.length === 0 ? {} : { old: authorities[old] }),
    ...(recorded ? { next: authorities[next] } : {}),
    ...(result === '' ? {} : { result }),
  };
}

function bundleOf({ bundle }: World): RotationSnapshot['bundles'][number] {
  const digest = bundle.at(-1)!;
  return { place: 'bundle', digest, generation: bundle.length, anchors: digest.split('') };
}

export function issuerOf(letter: string): string {
  return letter === 'x' ? 'B' : letter;
}

function leafOf({ leaf }: Node, place: number): LeafState {
  return {
    place: `leaf/${place}`,
    issuedFrom: issuerOf(leaf.at(-1)!),
    fingerprint: leafContent(leaf, leaf.length),
    generation: leaf.length,
    ready: true,
    authorityKeyId: 'k',
  };
}

const leafContent = (leaf: string, generation: number): string => `${leaf[generation - 1]}${generation}`;

/** Everybody calls everybody, and verifies and is verified; who is alone calls himself. */
function linksOf({ nodes }: World, { next }: RotationRun): RotationSnapshot['links'] {
  return nodes.flatMap(({ role }, verifier) =>
    nodes.flatMap((_, presenter) => {
      if (presenter === verifier && nodes.length > 1) return [];
      const refusesNext = role === 'unfit' && next === 'B' ? 'no such algorithm' : undefined;
      const link = { presenter: `w/${presenter}`, identity: `leaf/${presenter}`, verifier: `w/${verifier}` };
      return [{ side: 'server' as const, ...link, trust: 'bundle', refusesNext }];
    }),
  );
}

const rebirth = 100;

function instanceOf(world: World, node: Node, place: number, { liars }: Setting): InstanceState {
  const { past, leaf } = node;
  const born = past === undefined ? 0 : rebirth;
  const trust = acksOf(node.trust, past?.trust, world.bundle.length, (one) => world.bundle[one - 1]!, born, liars);
  const cert = acksOf(node.cert, past?.cert, leaf.length, (one) => leafContent(leaf, one), born, liars);
  return {
    workload: `w/${place}`,
    name: '0',
    serving: node.serving,
    external: node.role === 'external',
    startedTime: at(born),
    lastSeenTime: now,
    materials: [
      { name: 'trust', kind: 'trust', of: 'bundle', acks: trust },
      { name: 'identity', kind: 'identity', of: `leaf/${place}`, acks: cert },
    ],
  };
}

/**
 * The highest claims that may have been made and arrived. Reports that are lost, late or doubled claim less; since no
 * guard opens by a lower claim, whatever a controller does on them, it does here too, only sooner. Were this not so, the
 * random schedules would find it: there each report travels for itself.
 */
function acksOf(
  copy: Copy,
  past: number | undefined,
  wanted: number,
  content: (generation: number) => string,
  born: number,
  liars: boolean,
): MaterialState['acks'] {
  const ack = (generation: number, moment: number): Ack => ({
    content: content(generation),
    generation,
    at: at(born + moment),
  });
  const own: Readonly<Partial<Record<AckLevel, Ack>>> = {
    delivered: ack(wanted, moments.asked),
    loaded: ack(liars ? wanted : copy.loaded, moments.asked),
    persisted: ack(copy.disk, moments.asked),
    proven: liars ? shownBy(copy, wanted, ack) : ack(copy.top, moments.shown),
    exclusive: liars && copy.oldest < wanted ? ack(wanted, moments.claimed) : ack(copy.oldest, moments.gone),
  };
  if (past === undefined || past < wanted) return own;
  const before = { ...ack(past, 0), at: at(moments.asked) };
  const isWanted = (level: AckLevel): boolean => own[level]?.content === before.content;
  const lacking = ackLevels.filter((level) => !isWanted(level) || own[level]!.generation < wanted);
  return { ...own, ...Object.fromEntries(lacking.map((level) => [level, before])) };
}

/**
 * An engine that answers Success is asked, probed, and said to have nothing older; later it loads what it was asked for
 * after all, that is shown, and what was older goes.
 */
const moments = { asked: 1, probed: 1, claimed: 2, shown: 3, gone: 4 };

/** A probe after a Success tells of the generation that was asked for, and of what it really saw. */
function shownBy({ top, loaded }: Copy, wanted: number, ack: (generation: number, moment: number) => Ack): Ack {
  const seen = ack(loaded, moments.probed);
  if (top >= wanted || seen.content === ack(wanted, moments.probed).content) return ack(top, moments.shown);
  return { ...seen, generation: wanted };
}
