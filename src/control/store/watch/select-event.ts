import type { KubeObject } from '#model/objects';
import type { StoreEvent } from '../resource-store.ts';
import { withRevision } from './change-event.ts';
import type { ChangeEvent } from './change-event.ts';

/**
 * What a watcher with a selector sees of a change: an object that starts to match is ADDED, one that ceases to is
 * DELETED, in its last matching state and under the revision of the change. Undefined: nothing.
 */
export function selectEvent(
  event: ChangeEvent,
  matches: ((object: KubeObject) => boolean) | undefined,
): StoreEvent | undefined {
  if (matches === undefined) return event;
  const before = event.previous !== undefined && matches(event.previous);
  if (event.type === 'DELETED') return before || event.previous === undefined ? event : undefined;
  if (matches(event.object)) return before === (event.type === 'MODIFIED') ? event : as('ADDED', event);
  return before ? { type: 'DELETED', object: withRevision(event.previous, event.rev) } : undefined;
}

function as(type: 'ADDED', event: ChangeEvent): StoreEvent {
  return event.previous === undefined
    ? { type, object: event.object }
    : { type, object: event.object, previous: event.previous };
}
