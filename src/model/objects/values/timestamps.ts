/** RFC 3339 in UTC with whole seconds, cut off: `2026-11-21T23:42:00Z`. */
export function formatTimestamp(time: Date): string {
  return `${time.toISOString().slice(0, 19)}Z`;
}

const rfc3339 = /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)$/;

/** The instant of an RFC 3339 text, or undefined when it is not one. */
export function parseTimestamp(text: string): Date | undefined {
  if (!rfc3339.test(text)) return undefined;
  const time = new Date(text.toUpperCase());
  return Number.isNaN(time.getTime()) ? undefined : time;
}
