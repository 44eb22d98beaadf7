import { failed, found } from './problem.ts';
import type { Outcome } from './problem.ts';

/** The stores on the way to where a resolution stands, outermost first. */
export type Trail = readonly string[];

const maxDepth = 8;

/** The trail with one more store on it; a problem when it is on it already, or when the trail has become too long. */
export function step(trail: Trail, term: string): Outcome<Trail> {
  const next = [...trail, term];
  if (trail.includes(term)) {
    const circle = next.slice(trail.indexOf(term)).join(' -> ');
    const hint = 'Let one of them name a Secret or a Certificate instead.';
    return failed({ reason: 'ReferenceCycle', message: `stores refer to each other: ${circle}`, hint });
  }
  if (next.length <= maxDepth) return found(next);
  const message = `more than ${maxDepth} stores refer to one another: ${next.join(' -> ')}`;
  return failed({ reason: 'ReferencesTooDeep', message, hint: 'Refer to the store at the end directly.' });
}
