import type { Draft, Json, KubeObject } from '../object.ts';
import type { ApplyRequest } from './requests.ts';

/** What an apply that creates an object is merged into. */
const nothing: Json = { metadata: {} };

/** The live object as a JSON value. */
export function liveOf(live: KubeObject | undefined): Json {
  return live === undefined ? nothing : (live as unknown as Json);
}

/** The part of the configuration that this write may change: through a subresource only that, and the identity. */
export function configOf({ applied, subresource, ignore = [] }: ApplyRequest): Json {
  if (subresource !== undefined) return throughSubresource(applied, subresource);
  const kept = Object.entries(applied).filter(([key]) => !ignore.includes(key));
  return Object.fromEntries(kept) as Json;
}

function throughSubresource(applied: Draft, subresource: string): Json {
  const { apiVersion, kind, metadata } = applied;
  const { name, namespace, uid, resourceVersion } = metadata;
  const part = (applied as unknown as Record<string, Json>)[subresource];
  return { apiVersion, kind, metadata: { name, namespace, uid, resourceVersion }, [subresource]: part };
}
