const warningsSent = 20;
const warningCharacters = 1024;

/** Values of `Warning` headers, no more and no longer than clients take. */
export function formatWarnings(warnings: ReadonlySet<string>): string[] {
  return [...warnings].slice(0, warningsSent).map(formatWarning);
}

/** RFC 7234 section 5.5, as Kubernetes writes it: `299 - "text"`. */
function formatWarning(text: string): string {
  const plain = text.replaceAll(/[^\x20-\x7e]/g, '?').slice(0, warningCharacters);
  return `299 - "${plain.replaceAll(/["\\]/g, '\\$&')}"`;
}
