import type { AnchorPlan, GatewayPlan, ListenerPlan, RoutePlan } from './plans.ts';

/** What one thing's change means. */
export interface Change {
  /** A host pattern, or an API as `ns/name`. */
  readonly name: string;
  readonly change: 'added' | 'removed' | 'replaced';
  /** Fingerprints of the anchors that are no longer trusted. */
  readonly distrusted: readonly string[];
  /**
   * Somebody who was accepted before may be refused now: an anchor or the public CAs went, or more is asked for. What
   * rests on the trust of before, sessions and open connections, must not be used any more.
   */
  readonly isTrustNarrower: boolean;
}

export interface GatewayDifference {
  readonly listeners: readonly Change[];
  /** By API; one is listed when its base path, target or upstream differs. */
  readonly routes: readonly Change[];
}

type Plans = Pick<GatewayPlan, 'listeners' | 'routes'>;

/** What changes from one plan to another; what stays as it is is not listed. */
export function explainDifference(before: Plans, after: Plans): GatewayDifference {
  return {
    listeners: changes(before.listeners, after.listeners, listenerView),
    routes: changes(before.routes, after.routes, routeView),
  };
}

interface View {
  readonly name: string;
  readonly digest: string;
  readonly anchors: readonly AnchorPlan[];
  readonly publicAuthorities: boolean;
  /** How much the other side must show: 0 is nothing. */
  readonly demand: number;
}

const demands = { none: 0, request: 1, require: 2 } as const;

const listenerView = ({ host, digest, clientAnchors, settings }: ListenerPlan): View => ({
  name: host,
  digest,
  anchors: clientAnchors,
  publicAuthorities: false,
  demand: demands[settings.mutualAuthentication ?? 'none'],
});

const routeView = ({ api, basePath, type, target, upstream }: RoutePlan): View => ({
  name: api,
  digest: [basePath, type, target, upstream.digest].join(' '),
  anchors: upstream.anchors,
  publicAuthorities: upstream.publicAuthorities,
  demand: upstream.settings.insecureServerConnections === true ? 0 : 1,
});

function changes<T>(before: readonly T[], after: readonly T[], view: (plan: T) => View): Change[] {
  const old = new Map(before.map((plan) => [view(plan).name, view(plan)]));
  const now = after.map(view);
  const names = new Set(now.map(({ name }) => name));
  const removed = [...old.values()].filter(({ name }) => !names.has(name));
  return [...now.flatMap((next) => changeOf(old.get(next.name), next)), ...removed.map(removal)];
}

function changeOf(before: View | undefined, next: View): Change[] {
  const { name } = next;
  if (before === undefined) return [{ name, change: 'added', distrusted: [], isTrustNarrower: false }];
  if (before.digest === next.digest) return [];
  const distrusted = anchorsGone(before, next);
  return [{ name, change: 'replaced', distrusted, isTrustNarrower: isNarrower(before, next, distrusted) }];
}

function removal(before: View): Change {
  const distrusted = before.anchors.map(({ fingerprint }) => fingerprint);
  return { name: before.name, change: 'removed', distrusted, isTrustNarrower: true };
}

function isNarrower(before: View, next: View, distrusted: readonly string[]): boolean {
  const isAskedMore = next.demand > before.demand;
  const isPublicGone = before.publicAuthorities && !next.publicAuthorities && next.demand > 0;
  return isAskedMore || isPublicGone || (distrusted.length > 0 && next.demand > 0);
}

function anchorsGone(before: View, next: View): string[] {
  const kept = new Set(next.anchors.map(({ fingerprint }) => fingerprint));
  return before.anchors.map(({ fingerprint }) => fingerprint).filter((fingerprint) => !kept.has(fingerprint));
}
