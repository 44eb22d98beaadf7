/** 32-bit FNV-1a over the text's UTF-16 units: spreads and shortens names, protects nothing. */
export function stableHash(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) {
    // oxlint-disable-next-line unicorn/prefer-code-point -- units, not characters: every one counts
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  }
  return hash >>> 0;
}

/** The hash as eight hexadecimal digits. */
export function stableHashText(text: string): string {
  return stableHash(text).toString(16).padStart(8, '0');
}
