/** The newest revision at an instant, in milliseconds of any steady clock. */
export interface RevisionSample {
  readonly at: number;
  readonly rev: number;
}

export interface RetentionPolicy {
  readonly keepRevisions: number;
  readonly keepMilliseconds: number;
}

/** A list that a client pages through, and a watch that reconnects, may be this old. */
export const defaultRetention: RetentionPolicy = { keepRevisions: 1000, keepMilliseconds: 300_000 };

export interface CompactionPlan {
  /** Everything superseded at or below this revision may go; undefined: nothing yet. */
  readonly compactTo?: number;
  /** The samples that later plans need, oldest first, `now` included. */
  readonly samples: readonly RevisionSample[];
}

/**
 * What may be compacted now: revisions that were written before the time kept, except for the newest `keepRevisions`.
 * Call it at a steady pace with the samples of the last plan.
 */
export function planCompaction(
  samples: readonly RevisionSample[],
  now: RevisionSample,
  { keepRevisions, keepMilliseconds }: RetentionPolicy = defaultRetention,
): CompactionPlan {
  const all = [...samples, now];
  const oldEnough = all.findLastIndex(({ at }) => at <= now.at - keepMilliseconds);
  const kept = all.slice(Math.max(oldEnough, 0));
  const compactTo = oldEnough < 0 ? 0 : Math.min(all[oldEnough]!.rev, now.rev - keepRevisions);
  return { samples: kept, ...(compactTo > 0 && { compactTo }) };
}
