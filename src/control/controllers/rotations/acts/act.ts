import type { Rotation } from '#model/resources';
import type { Write } from '#control/store';
import { updateStatus } from '../../certificates/planned-writes.ts';
import type { LoopContext } from '../../context.ts';
import type { Gathered } from '../gather.ts';

/**
 * Does one action. True when something was written; false when there is nothing left to write, and what was asked for
 * must come by itself.
 */
export type DoAct = (context: LoopContext, gathered: Gathered) => Promise<boolean>;

/**
 * A write that changes nothing and fails when the Rotation was changed since it was read: in the same sequence as an
 * action, it keeps what was decided in one stage from being done in the next.
 */
export const fence = ({ kinds }: LoopContext, rotation: Rotation): Write => updateStatus(kinds.rotation, rotation);

/** What must be mended by people before the Rotation can go on, told in its status. */
export class ActRefused extends Error {
  readonly hint: string;

  constructor(message: string, hint: string) {
    super(message);
    this.hint = hint;
  }
}
