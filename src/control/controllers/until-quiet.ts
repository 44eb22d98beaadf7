import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ResourceStore } from '#control/store';
import type { Loop } from './context.ts';
import type { Feeds } from './feeds.ts';

/** So many turns of the event loop without work or a new revision mean that nothing is under way. */
const quietTurns = 25;

/** Resolves when every change so far has reached the loops and they have nothing left to do now. */
export async function untilQuiet(store: ResourceStore, loops: readonly Loop[], feeds: Feeds): Promise<void> {
  let revision = '';
  for (let quiet = 0; quiet < quietTurns; quiet += 1) {
    for (const loop of loops) await loop.idle();
    await nextTurn();
    const newest = await store.currentRevision();
    const isBusy = !feeds.caughtUp || loops.some((loop) => loop.busy() > 0);
    if (isBusy || newest !== revision) quiet = -1;
    revision = newest;
  }
}
