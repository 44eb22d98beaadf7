/** Texts of `Warning` headers that Node has joined by commas; RFC 7234 section 5.5. */
export function parseWarnings(header: string): string[] {
  return [...header.matchAll(/299 \S+ "((?:[^"\\]|\\.)*)"/g)].map((match) => match[1]!.replace(/\\(.)/g, '$1'));
}
