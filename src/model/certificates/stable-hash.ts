/** 32-bit FNV-1a of the text's UTF-8 bytes: spreads and shortens names, protects nothing. */
export function stableHash(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) {
    hash = Math.imul(hash ^ byte, 0x01000193);
  }
  return hash >>> 0;
}

/** The hash as eight hexadecimal digits. */
export function stableHashText(text: string): string {
  return stableHash(text).toString(16).padStart(8, '0');
}
