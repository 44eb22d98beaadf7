import { formatTimestamp } from '#model/objects';
import type { MaterialMark, MaterialReport, WantedMaterial } from '#model/resources';

/** What a handshake has shown of one place; undefined while the first one is under way. */
export interface UseProof {
  readonly verdict: 'proven' | 'failed' | 'unknown';
  readonly code?: string | undefined;
  readonly message?: string | undefined;
}

/** One place of a gateway where a store shows: a host, or the way to a backend, as it is loaded. */
export interface MaterialUse {
  /** For people: `host shop.example`. */
  readonly what: string;
  /** Whether it has what is wanted now, and nothing of what was before. */
  readonly holds: boolean;
  /** Why not, where something is known. */
  readonly problem?: string | undefined;
  /** A restart without the control plane comes back with it. */
  readonly isKept: boolean;
  readonly proofs: readonly (UseProof | undefined)[];
  /** Nothing that began with an earlier plan is left. */
  readonly isAlone: boolean;
}

/** One material at one node. */
export interface GatewayMaterial {
  /** What `status.materials` of the Workload says, as the node sees it. */
  readonly wanted: WantedMaterial;
  /** Whether the node has read this very content, after it had seen this generation. */
  readonly isSeen: boolean;
  /** Why the material itself cannot be had. */
  readonly problem?: string | undefined;
  /** Every place where it is loaded, or should be. */
  readonly uses: readonly MaterialUse[];
  /** Whether anything outlives the process. */
  readonly canKeep: boolean;
}

const levels = ['delivered', 'loaded', 'persisted', 'proven', 'exclusive'] as const;
type Level = (typeof levels)[number];

interface Obstacle {
  readonly level: Level;
  readonly code: string;
  readonly message: string;
}

/**
 * What the node reports of the material: each level with the generation that is wanted, and only once it is reached with
 * that; what is reached still keeps its time. A level rests on those before it, but for `persisted`, on which none rests.
 */
export function gatewayReport(
  material: GatewayMaterial,
  before: MaterialReport | undefined,
  now: Date,
): MaterialReport {
  const { name, kind, at: _, ...content } = material.wanted;
  const obstacles = obstaclesOf(material);
  const stands = new Set(obstacles.map(({ level }) => level));
  const reached = levels.filter((level) => !restsOn[level].some((one) => stands.has(one)));
  const markOf = (level: Level | 'desired'): MaterialMark => markNow(before?.[level], content, now);
  const [obstacle] = obstacles;
  return {
    name,
    kind,
    desired: markOf('desired'),
    ...Object.fromEntries(reached.map((level) => [level, markOf(level)])),
    ...(obstacle === undefined ? {} : { code: obstacle.code, message: obstacle.message }),
  };
}

const restsOn: Readonly<Record<Level, readonly Level[]>> = {
  delivered: ['delivered'],
  loaded: ['delivered', 'loaded'],
  persisted: ['delivered', 'loaded', 'persisted'],
  proven: ['delivered', 'loaded', 'proven'],
  exclusive: ['delivered', 'loaded', 'proven', 'exclusive'],
};

type Content = Omit<MaterialMark, 'at'>;

function markNow(before: MaterialMark | undefined, content: Content, now: Date): MaterialMark {
  const isSame = before?.generation === content.generation && before.digest === content.digest;
  return isSame ? before : { ...content, at: formatTimestamp(now) };
}

const longestMessage = 1000;

/** What stands in the way, the first being what is told. */
function obstaclesOf({ wanted, isSeen, problem, uses, canKeep }: GatewayMaterial): Obstacle[] {
  const found: (Obstacle | undefined)[] = [
    isSeen ? undefined : { level: 'delivered', code: 'not-resolved', message: problem ?? 'on its way from the API' },
    uses.length === 0 ? notUsed(wanted) : firstOf(uses, notLoaded),
    canKeep ? firstOf(uses, notKept) : keptNowhere,
    firstOf(uses, notProven),
    firstOf(uses, notAlone),
  ];
  return found.flatMap((one) => (one === undefined ? [] : [{ ...one, message: one.message.slice(0, longestMessage) }]));
}

function notUsed({ kind }: WantedMaterial): Obstacle {
  const message = `no host and no backend of the Gateway ${kind === 'identity' ? 'presents' : 'trusts'} it; name its store in a profile that is used, or take the entry out of the Workload`;
  return { level: 'loaded', code: 'not-used', message };
}

const keptNowhere: Obstacle = {
  level: 'persisted',
  code: 'not-kept',
  message: 'the node has no state directory; start it with one',
};

function firstOf(uses: readonly MaterialUse[], obstacleOf: (use: MaterialUse) => Obstacle | undefined) {
  for (const use of uses) {
    const obstacle = obstacleOf(use);
    if (obstacle !== undefined) return obstacle;
  }
  return undefined;
}

const notLoaded = ({ what, holds, problem }: MaterialUse): Obstacle | undefined =>
  holds
    ? undefined
    : { level: 'loaded', code: 'not-loaded', message: `${what}: ${problem ?? 'has another one loaded'}` };

const notKept = ({ what, isKept }: MaterialUse): Obstacle | undefined =>
  isKept ? undefined : { level: 'persisted', code: 'not-kept', message: `${what}: not in the snapshot yet` };

function notProven({ what, proofs }: MaterialUse): Obstacle | undefined {
  const open = proofs.find((proof) => proof?.verdict !== 'proven');
  if (proofs.length > 0 && proofs.every((proof) => proof?.verdict === 'proven')) return undefined;
  const message = `${what}: ${open?.message ?? 'no handshake has shown it yet'}`;
  return { level: 'proven', code: open?.code ?? 'not-proven', message };
}

const notAlone = ({ what, isAlone }: MaterialUse): Obstacle | undefined =>
  isAlone
    ? undefined
    : { level: 'exclusive', code: 'former-connections', message: `${what}: connections from before end` };
