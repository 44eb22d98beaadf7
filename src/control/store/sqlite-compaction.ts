import { setImmediate as nextTurn } from 'node:timers/promises';
import type { SqliteConnection } from './sqlite-connection.ts';
import type { Statements } from './sqlite-statements.ts';

/** Other work gets its turn after each slice. */
const sliceMilliseconds = { shortest: 4, longest: 8 };
const sliceRevisions = { fewest: 50, most: 2000 };

/**
 * Forgets what was superseded in (compacted, upTo], slice by slice. Each slice looks only at its own revisions, so the
 * work follows the number of writes, not the number of objects; and each records how far it came in its own
 * transaction. Calls `onProgress` after every slice; stops early when `stopped` says so.
 */
export async function compactInSlices(
  connection: SqliteConnection,
  statements: Statements,
  range: { readonly compacted: number; readonly upTo: number },
  hooks: { readonly onProgress: (compacted: number) => void; readonly stopped: () => boolean },
): Promise<void> {
  let { compacted } = range;
  let size = sliceRevisions.fewest;
  while (compacted < range.upTo && !hooks.stopped()) {
    const started = performance.now();
    const upTo = Math.min(range.upTo, compacted + size);
    connection.transaction(() => forgetSlice(statements, compacted, upTo));
    compacted = upTo;
    hooks.onProgress(compacted);
    size = nextSize(size, performance.now() - started);
    await nextTurn();
  }
}

function forgetSlice(statements: Statements, after: number, upTo: number): void {
  statements.forgetSuperseded.run(after, upTo);
  for (const [rev, key] of statements.deletions.all(after, upTo)) {
    statements.forgetRow.run(rev);
    statements.forgetKey.run(key, rev);
  }
  statements.writeNote.run('compacted', upTo);
}

function nextSize(size: number, milliseconds: number): number {
  if (milliseconds > sliceMilliseconds.longest) return Math.max(sliceRevisions.fewest, Math.floor(size / 2));
  if (milliseconds < sliceMilliseconds.shortest) return Math.min(sliceRevisions.most, size * 2);
  return size;
}
