import type { ErrorCause } from '#errors';
import type { KubeObject } from '#model/objects';
import { chanceryKeys } from '#model/resources';
import type { Kind, Rotation, UserInfo } from '#model/resources';
import { isDefault } from '#model/statuses';
import type { DeleteOptions } from '#control/store';
import type { EventRecorder } from '#control/runtime';
import type { Reading } from '../usage/direct-users.ts';
import { usersAbove } from './users-above.ts';

/** Who deletes, and how. */
export interface Deletion {
  readonly user: UserInfo;
  readonly options: DeleteOptions;
}

/** Why an object must stay for now. */
export interface Refusal {
  readonly message: string;
  readonly hint: string;
  /** One for each user, at most twenty. */
  readonly causes: readonly ErrorCause[];
}

export type GuardDeletion = (kind: Kind, object: KubeObject, deletion: Deletion) => Promise<Refusal | undefined>;

const mostNamed = 20;
const hint = `Take it out of what uses it, or say with the annotation ${chanceryKeys.forceDelete} why it shall go nevertheless.`;

/**
 * Refuses the deletion of what others use, and names them, and of a Rotation under way. An annotation with a reason lets it go, and an Event keeps who
 * wanted that, and why.
 */
export function createDeletionGuard(reading: Reading, events: Pick<EventRecorder, 'record'>): GuardDeletion {
  return async (kind, object, { user, options }) => {
    // What is made at installation has a guard of its own, which no reason overrides.
    if (kind.guard !== undefined && isDefault(object)) return undefined;
    const running = runningRotation(object);
    const users = running === undefined ? await usersAbove(reading, object) : [];
    if (users.length === 0 && running === undefined) return undefined;
    const reason = object.metadata.annotations?.[chanceryKeys.forceDelete]?.trim() ?? '';
    if (reason === '') return running ?? refusal(users);
    if (options.dryRun !== true) {
      const state = running === undefined ? `used by ${namesOf(users)}` : 'under way';
      const message = `${user.username} deleted it while it was ${state}; reason: ${reason}`;
      events.record({ about: object, type: 'Warning', reason: 'ForceDeleted', message });
    }
    return undefined;
  };
}

/** One that has begun knows alone which CA must leave what is trusted. */
function runningRotation(object: KubeObject): Refusal | undefined {
  if (object.kind !== 'Rotation') return undefined;
  const { stage, completedTime } = (object as Rotation).status ?? {};
  if (stage === undefined || completedTime !== undefined) return undefined;
  const message = `it is under way, in stage ${stage}`;
  const rollBack = `Roll it back (spec.rollback), or wait for its end; or say with the annotation ${chanceryKeys.forceDelete} why it shall be left as it stands.`;
  return { message, hint: rollBack, causes: [{ reason: 'InUse', message, field: 'status.stage' }] };
}

function refusal(users: readonly string[]): Refusal {
  const causes = users.slice(0, mostNamed).map((message): ErrorCause => ({ reason: 'InUse', message, field: '' }));
  return { message: `it is used by ${namesOf(users)}`, hint, causes };
}

function namesOf(users: readonly string[]): string {
  const named = users.slice(0, mostNamed).join(', ');
  return users.length <= mostNamed ? named : `${named} and ${users.length - mostNamed} more`;
}
