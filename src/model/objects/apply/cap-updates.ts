import { union } from '../fields/field-set.ts';
import { compareTexts, ownerId, secondsOf, withClaim, type Owner, type Owners } from './owners.ts';

/** How many entries of updaters an object keeps. */
const maximumUpdaters = 10;
const ancient = 'ancient-changes';

/** Joins the oldest updaters into one entry, `ancient-changes`, until at most ten are left. Appliers stay apart. */
export function capUpdates(owners: Owners): Owners {
  const updaters = [...owners.values()].filter((owner) => owner.operation === 'Update');
  const surplus = updaters.length - maximumUpdaters;
  if (surplus <= 0) return owners;
  const oldest = updaters.toSorted(compareAge).slice(0, surplus + 1);
  const rest = new Map([...owners].filter(([, owner]) => !oldest.includes(owner)));
  const bucket = oldest.map(asAncient).reduce(join);
  return withClaim(rest, bucket);
}

function compareAge(a: Owner, b: Owner): number {
  return secondsOf(a) - secondsOf(b) || compareTexts(ownerId(a), ownerId(b));
}

function asAncient(owner: Owner): Owner {
  return { ...owner, manager: ancient, subresource: undefined };
}

/** Claims oldest first: the joint one has the time of the youngest. */
function join(bucket: Owner, owner: Owner): Owner {
  return { ...bucket, time: owner.time, fields: union(bucket.fields, owner.fields) };
}
