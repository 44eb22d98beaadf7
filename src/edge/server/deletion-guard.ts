import { CodedError } from '#errors';
import type { ErrorCause } from '#errors';
import type { KubeObject } from '#model/objects';
import type { Kind, UserInfo } from '#model/resources';
import type { DeleteOptions } from '#control/store';
import { qualifiedPlural } from '#edge/api';

/** Who deletes, how and when. */
export interface DeletionContext {
  readonly user: UserInfo;
  /** A dry run is asked about too, and must leave no trace. */
  readonly options: DeleteOptions;
  readonly now: Date;
}

/** Why an object must not go now. */
export interface DeletionRefusal {
  /** In one sentence: what would break. */
  readonly message: string;
  /** What to do about it, or how to delete it nevertheless. */
  readonly hint?: string;
  /** One for each user of the object; `reason` is InUse. */
  readonly causes: readonly ErrorCause[];
}

/** Asked before an object is deleted through the API; answers nothing when it may go. */
export type DeletionGuard = (
  kind: Kind,
  object: KubeObject,
  context: DeletionContext,
) => Promise<DeletionRefusal | undefined>;

/**
 * Fails with conflict when `guard` refuses the deletion. What is already being deleted is not asked about again: only its
 * finalizers hold it.
 */
export async function askGuard(
  guard: DeletionGuard | undefined,
  kind: Kind,
  object: KubeObject,
  context: DeletionContext,
): Promise<void> {
  if (guard === undefined || object.metadata.deletionTimestamp !== undefined) return;
  const refusal = await guard(kind, object, context);
  if (refusal === undefined) return;
  const { message, hint, causes } = refusal;
  const subject = `${qualifiedPlural(kind)} ${JSON.stringify(object.metadata.name)}`;
  const advice = hint === undefined ? '' : `. ${hint}`;
  throw new CodedError('conflict', `Operation cannot be fulfilled on ${subject}: ${message}${advice}`, {
    ...(hint === undefined ? {} : { hint }),
    causes,
  });
}
