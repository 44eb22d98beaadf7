import { isCoded } from '#errors';
import { isConditionTrue, setCondition } from '#model/objects';
import type { Certificate, Rotation } from '#model/resources';
import type { LeafState } from '#model/rotation';
import type { Write } from '#control/store';
import { updateStatus } from '../../certificates/planned-writes.ts';
import type { LoopContext } from '../../context.ts';
import { placeOf } from '../../queue-loop.ts';
import type { Gathered } from '../gather.ts';
import { leafPlace } from '../leaf-registry.ts';
import { fence } from './act.ts';

/** Reason of the Issuing condition: the loop of the certificates then issues even a CA that others rest on. */
const reason = 'Rotation';
const together = 100;

/**
 * Has certificates issued anew, as `chancery renew` does; of one whose own issuer is not from the CA in place yet, that
 * issuer first. Answers whether any was asked for.
 */
export async function reissue(
  context: LoopContext,
  gathered: Gathered,
  places: readonly string[],
  target: string,
): Promise<boolean> {
  const keys = [...new Set(places.map((place) => highest(gathered, place, target)))];
  let wrote = false;
  for (let from = 0; from < keys.length; from += together) {
    wrote = (await ask(context, gathered.rotation, keys.slice(from, from + together))) || wrote;
  }
  gathered.leaves.markWritten(keys);
  return wrote;
}

/** The topmost certificate above, itself included, that does not come from `target`. */
function highest({ leaves, place, snapshot }: Gathered, leaf: string, target: string): string {
  const root = `${place.namespace}/${place.secretName}`;
  let key = leaf.slice('Certificate '.length);
  for (;;) {
    const secret = leaves.signerOf(key);
    const above = secret === undefined || secret === root ? undefined : leaves.certificateIn(secret);
    if (above === undefined || above === key) return key;
    const state = stateAt(snapshot.leaves, leafPlace(above));
    if (state === undefined || (state.issuedFrom === target && state.ready)) return key;
    key = above;
  }
}

const stateAt = (leaves: readonly LeafState[], place: string): LeafState | undefined =>
  leaves.find((one) => one.place === place);

async function ask(context: LoopContext, rotation: Rotation, keys: readonly string[]): Promise<boolean> {
  const writes = await issuingWrites(context, rotation, keys);
  if (writes.length === 0) return false;
  try {
    await context.store.sequence([fence(context, rotation), ...writes]);
  } catch (error) {
    if (!isCoded(error, 'conflict', 'not-found')) throw error;
    // One of many was written by somebody else meanwhile: each for itself, as it is now.
    for (const key of keys) {
      const [write] = await issuingWrites(context, rotation, [key]);
      if (write !== undefined) await context.store.sequence([fence(context, rotation), write]);
    }
  }
  return true;
}

async function issuingWrites(
  { store, kinds, clock }: LoopContext,
  { metadata }: Rotation,
  keys: readonly string[],
): Promise<Write[]> {
  const found = await Promise.all(keys.map((key) => store.get({ kind: kinds.certificate, ...placeOf(key) })));
  const message = `Rotation ${metadata.namespace ?? ''}/${metadata.name} has it issued anew`;
  return found
    .filter((one) => one !== undefined && !isConditionTrue(one.status?.conditions, 'Issuing'))
    .map((one) => updateStatus(kinds.certificate, issuing(one!, message, clock.now())));
}

function issuing(certificate: Certificate, message: string, now: Date): Certificate {
  const { metadata, status } = certificate;
  const { generation } = metadata;
  const observed = generation === undefined ? {} : { observedGeneration: generation };
  const update = { type: 'Issuing', status: 'True', reason, message, ...observed } as const;
  return { ...certificate, status: { ...status, conditions: [...setCondition(status?.conditions, update, now)] } };
}
