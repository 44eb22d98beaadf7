import { isCoded } from '#errors';
import type { Draft } from '#model/objects';
import type { Certificate, Rotation } from '#model/resources';
import { writeOptions } from '../context.ts';
import type { LoopContext } from '../context.ts';

const longestReason = 200;

/** Begins a Rotation of the CA, once for each of its revisions. True when there is one now that was not there before. */
export async function beginRotation(
  { store, kinds, events }: LoopContext,
  certificate: Certificate,
  why: string,
): Promise<boolean> {
  const { namespace = '', name } = certificate.metadata;
  const rotation = `${name}-scheduled-${(certificate.status?.revision ?? 0) + 1}`;
  const object: Draft<Rotation> = {
    apiVersion: 'chancery.dev/v1',
    kind: 'Rotation',
    metadata: { name: rotation },
    spec: { certificateRef: { name }, reason: why.slice(0, longestReason), ...keyOf(certificate) },
  };
  try {
    await store.create({ kind: kinds.rotation, namespace }, object, writeOptions);
  } catch (error) {
    if (!isCoded(error, 'already-exists')) throw error;
    return false;
  }
  const message = `Rotation ${rotation} replaces this CA, since others rest on it: ${why}`;
  events.record({ about: certificate, type: 'Normal', reason: 'RotationBegun', message });
  return true;
}

/** What the Certificate says of its key at a renewal holds for a Rotation too. */
function keyOf({ spec }: Certificate): Pick<Rotation['spec'], 'key'> {
  return spec.privateKey?.rotationPolicy === 'Never' ? { key: 'same' } : {};
}
