/** The reference tokens of a JSON pointer (RFC 6901), or undefined when the text is not one. The empty text is the root. */
export function parsePointer(text: string): string[] | undefined {
  if (text === '') return [];
  if (!text.startsWith('/') || /~(?![01])/.test(text)) return undefined;
  return text
    .slice(1)
    .split('/')
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** The list position a token names, or undefined: no sign, no leading zero, at most `limit`. */
export function arrayIndex(token: string, limit: number): number | undefined {
  if (!/^(?:0|[1-9]\d{0,8})$/.test(token)) return undefined;
  const index = Number(token);
  return index <= limit ? index : undefined;
}
