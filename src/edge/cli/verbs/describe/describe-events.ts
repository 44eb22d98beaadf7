import type { KubeObject } from '#model/objects';
import { humanDuration } from '../../text/duration.ts';

export interface EventObject extends KubeObject {
  readonly type?: string;
  readonly reason?: string;
  readonly message?: string;
  readonly count?: number;
  readonly lastTimestamp?: string | null;
  readonly firstTimestamp?: string | null;
  readonly reportingComponent?: string;
  readonly source?: { readonly component?: string };
}

/** What happened to an object, the oldest first, as lines with tabs. */
export function describeEvents(events: readonly EventObject[], now: Date): string[] {
  if (events.length === 0) return ['Events:\t<none>'];
  const rows = events.toSorted((a, b) => lastSeen(a).localeCompare(lastSeen(b))).map((event) => row(event, now));
  return ['Events:', '  Type\tReason\tAge\tFrom\tMessage', '  ----\t------\t----\t----\t-------', ...rows];
}

function row(event: EventObject, now: Date): string {
  const from = event.reportingComponent || (event.source?.component ?? '');
  const message = (event.message ?? '').trim().replaceAll(/\s*\n\s*/g, ' ');
  return `  ${[event.type ?? '', event.reason ?? '', ageOf(event, now), from, message].join('\t')}`;
}

function lastSeen({ lastTimestamp, metadata }: EventObject): string {
  return lastTimestamp ?? metadata.creationTimestamp;
}

function ageOf(event: EventObject, now: Date): string {
  const ago = (instant: string): string => humanDuration(Math.max(0, now.getTime() - Date.parse(instant)) / 1000);
  const last = ago(lastSeen(event));
  if ((event.count ?? 1) <= 1 || !event.firstTimestamp) return last;
  return `${last} (x${event.count} over ${ago(event.firstTimestamp)})`;
}
