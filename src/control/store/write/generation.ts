import { deepEqual } from '#model/objects';
import type { KubeObject } from '#model/objects';

const uncounted: ReadonlySet<string> = new Set(['apiVersion', 'kind', 'metadata', 'status']);

/** Whether anything changed that a controller acts on: everything but metadata and status. */
export function changesDesiredState(live: KubeObject, next: KubeObject): boolean {
  const before = live as unknown as Record<string, unknown>;
  const after = next as unknown as Record<string, unknown>;
  for (const field of new Set([...Object.keys(before), ...Object.keys(after)])) {
    if (!uncounted.has(field) && !deepEqual(before[field], after[field])) return true;
  }
  return false;
}
