import type { Rotation } from '#model/resources';
import type { LoopContext } from '../context.ts';
import { placeOf } from '../queue-loop.ts';
import { allTerms } from '../scan.ts';

/** The Rotations that are not over. There are few of them, however many there were. */
export async function runningRotations({ store, kinds }: LoopContext): Promise<Rotation[]> {
  const running: Rotation[] = [];
  for await (const key of allTerms(store, kinds.rotation, 'running')) {
    const rotation = await store.get({ kind: kinds.rotation, ...placeOf(key) });
    if (rotation !== undefined && rotation.status?.completedTime === undefined) running.push(rotation);
  }
  return running;
}
