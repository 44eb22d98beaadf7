/** As Go prints a time in UTC: `2026-01-02 03:04:05 +0000 UTC`; messages of cert-manager carry it. */
export function goTimeText(date: Date): string {
  return `${date.toISOString().slice(0, 19).replace('T', ' ')} +0000 UTC`;
}

/** RFC 1123 with a zone name, as Go prints it: `Fri, 02 Jan 2026 03:04:05 UTC`. */
export function rfc1123(date: Date): string {
  return date.toUTCString().replace('GMT', 'UTC');
}
