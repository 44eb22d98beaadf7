import type { KubeObject } from '#model/objects';
import type { Event } from './event.ts';
import type { PrinterColumn } from './kind.ts';

const asEvent = (object: KubeObject): Event => object as Event;

/** When the event was seen last, RFC 3339: of a series its last occurrence, else the last, else the first. */
export function lastSeen(event: Event): string | undefined {
  return event.series?.lastObservedTime ?? event.lastTimestamp ?? firstSeen(event);
}

function firstSeen(event: Event): string | undefined {
  return event.firstTimestamp ?? event.eventTime;
}

const cell = (
  name: string,
  type: PrinterColumn['type'],
  priority: 0 | 1,
  description: string,
  read: (event: Event) => string | number | undefined,
): PrinterColumn => ({ name, type, priority, description, jsonPath: '', cell: (object) => read(asEvent(object)) });

/** What `kubectl get events` prints; the name comes last, and only with -o wide. */
export const eventColumns: readonly PrinterColumn[] = [
  cell('Last Seen', 'date', 0, 'Time since the event was seen last.', lastSeen),
  { name: 'Type', type: 'string', jsonPath: '.type' },
  { name: 'Reason', type: 'string', jsonPath: '.reason' },
  cell('Object', 'string', 0, 'Kind and name of the object.', ({ involvedObject: { kind = '', name = '' } }) =>
    kind === '' ? name : `${kind.toLowerCase()}/${name}`,
  ),
  { name: 'Subobject', type: 'string', jsonPath: '.involvedObject.fieldPath', priority: 1 },
  cell('Source', 'string', 1, 'Who reports it, and from which host.', sourceOf),
  { name: 'Message', type: 'string', jsonPath: '.message' },
  cell('First Seen', 'date', 1, 'Time since it was seen first.', firstSeen),
  cell('Count', 'integer', 1, 'How often it was seen.', ({ series, count }) => series?.count ?? (count || 1)),
  { name: 'Name', type: 'string', jsonPath: '.metadata.name', priority: 1 },
];

function sourceOf({ source, reportingComponent, reportingInstance }: Event): string {
  const component = source?.component || reportingComponent || '';
  const host = source?.host || reportingInstance || '';
  return host === '' ? component : `${component}, ${host}`;
}
