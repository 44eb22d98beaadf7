import { setTimeout as delay } from 'node:timers/promises';
import type { ApiClient } from '#edge/api';
import { isReady } from '#edge/cli';
import { conditionOf } from '#model/objects';
import type { KubeObject } from '#model/objects';
import type { Certificate, ClusterIssuer, Issuer, KindRegistry } from '#model/resources';

export type Watched = Certificate | Issuer | ClusterIssuer;

/** How the declared certificates and issuers stand. */
export interface Settlement {
  readonly ready: readonly Watched[];
  readonly notReady: readonly Watched[];
}

/** A certificate that still gets somewhere by itself: not Ready, not failed, and its issuer can sign. */
export function isUnderway(object: Watched, all: ReadonlyMap<string, Watched>): boolean {
  if (object.kind !== 'Certificate' || isReady(object) || hasFailed(object as Certificate)) return false;
  const { issuerRef } = (object as Certificate).spec;
  const issuer = all.get(issuerKey(issuerRef.kind ?? 'Issuer', object.metadata.namespace, issuerRef.name));
  return issuer === undefined ? false : isReady(issuer);
}

function hasFailed(certificate: Certificate): boolean {
  return (
    conditionOf(certificate.status?.conditions, 'Issuing')?.status === 'False' &&
    certificate.status?.lastFailureTime !== undefined
  );
}

function issuerKey(kind: string, namespace: string | undefined, name: string): string {
  return kind === 'ClusterIssuer' ? `ClusterIssuer//${name}` : `Issuer/${namespace ?? ''}/${name}`;
}

function keyOf({ kind, metadata }: KubeObject): string {
  return `${kind}/${kind === 'ClusterIssuer' ? '' : (metadata.namespace ?? '')}/${metadata.name}`;
}

const lookMilliseconds = 100;
/** An issuer may turn ready a moment after its CA; only a standstill this long counts as the end. */
const standstillMilliseconds = 3_000;

/**
 * Waits until every declared certificate and issuer is Ready, or none of the others gets any further by itself. Reports
 * each look to `onProgress`.
 */
export async function settle(
  client: ApiClient,
  registry: KindRegistry,
  declared: readonly KubeObject[],
  options: { readonly signal: AbortSignal; readonly onProgress?: (now: Settlement) => void },
): Promise<Settlement> {
  const wanted = declared.filter(({ kind }) => kinds.includes(kind)).map(keyOf);
  const stop = new AbortController();
  const signal = AbortSignal.any([stop.signal, options.signal]);
  const seen: Seen = { objects: new Map(), changes: 0 };
  const follows = kinds.map((kind) => follow(client, registry, kind, seen, signal));
  try {
    return await Promise.race([watchUntilSettled(seen, wanted, options.onProgress, signal), failureOf(follows)]);
  } finally {
    stop.abort();
    await Promise.allSettled(follows);
  }
}

interface Seen {
  readonly objects: Map<string, Watched>;
  changes: number;
}

const kinds: readonly string[] = ['Certificate', 'Issuer', 'ClusterIssuer'];

async function follow(
  client: ApiClient,
  registry: KindRegistry,
  kind: string,
  seen: Seen,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    for await (const { type, object } of client.watch<Watched>(registry.byKind('cert-manager.io/v1', kind)!, {
      signal,
    })) {
      if (type === 'DELETED') seen.objects.delete(keyOf(object));
      else if (type !== 'BOOKMARK') seen.objects.set(keyOf(object), object);
      seen.changes += 1;
    }
  }
}

async function failureOf(follows: readonly Promise<void>[]): Promise<never> {
  await Promise.all(follows);
  throw new Error('the watches ended before everything was settled');
}

async function watchUntilSettled(
  seen: Seen,
  wanted: readonly string[],
  onProgress: ((now: Settlement) => void) | undefined,
  signal: AbortSignal,
): Promise<Settlement> {
  let stillMilliseconds = 0;
  for (let changes = -1; ; changes = seen.changes) {
    await delay(lookMilliseconds, undefined, { signal });
    stillMilliseconds = changes === seen.changes ? stillMilliseconds + lookMilliseconds : 0;
    if (changes === seen.changes && stillMilliseconds < standstillMilliseconds) continue;
    const settlement = judge(seen.objects, wanted);
    onProgress?.(settlement);
    const complete = settlement.ready.length + settlement.notReady.length === wanted.length;
    const underway = settlement.notReady.some((object) => isUnderway(object, seen.objects));
    if (complete && settlement.notReady.length === 0) return settlement;
    if (!underway && stillMilliseconds >= standstillMilliseconds) return settlement;
  }
}

function judge(all: ReadonlyMap<string, Watched>, wanted: readonly string[]): Settlement {
  const objects = wanted.flatMap((key) => all.get(key) ?? []);
  return { ready: objects.filter(isReady), notReady: objects.filter((object) => !isReady(object)) };
}
