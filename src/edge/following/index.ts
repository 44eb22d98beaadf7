/**
 * Following the API from outside: a connection that can be opened anew, a collection that is listed once and watched from
 * then on, pauses that grow. For whatever runs beside the control plane and outlives it.
 *
 * Not here: what is done with the objects. Invariants: a broken watch goes on where it was; only a server that forgot the
 * revision is asked for everything again; a server that fails is never asked in a circle.
 */
export { BackOff, pause } from './back-off.ts';
export { Connection } from './connection.ts';
export { follow } from './follow.ts';
export type { Collection, Follower, FollowOptions } from './follow.ts';
export { keyOf, nameKey } from './object-key.ts';
