import { hasReached } from './acks.ts';
import type { AckRule } from './acks.ts';
import { wantedBy } from './guards/reached.ts';
import type { Holder, RotationView } from './view.ts';

/** Whether a restart comes back with what is wanted, and a handshake has shown it. Others' word stands for itself. */
export function isSettled(view: RotationView, holder: Holder, acks: readonly AckRule[]): boolean {
  if (holder.instance.external === true) return true;
  const wanted = wantedBy(view, holder);
  return hasReached(holder, 'persisted', wanted, acks) && hasReached(holder, 'proven', wanted, acks);
}
