import { CodedError } from '#errors';

const [quote, backslash, colon] = [0x22, 0x5c, 0x3a];
const [openBrace, closeBrace, openBracket, closeBracket] = [0x7b, 0x7d, 0x5b, 0x5d];

/**
 * Counts the keys of a JSON text in one pass over its bytes, before anything is parsed. Fails with bad-request when it
 * nests deeper than `nesting`. Says nothing about whether the text is JSON.
 */
export function scanJSON(bytes: Uint8Array, nesting: number): { readonly keys: number } {
  let [depth, keys] = [0, 0];
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at];
    if (byte === quote) at = endOfString(bytes, at);
    else if (byte === colon) keys += 1;
    else if (byte === openBrace || byte === openBracket) depth = deeper(depth, nesting);
    else if (byte === closeBrace || byte === closeBracket) depth -= 1;
  }
  return { keys };
}

function endOfString(bytes: Uint8Array, start: number): number {
  let at = start + 1;
  while (at < bytes.length && bytes[at] !== quote) at += bytes[at] === backslash ? 2 : 1;
  return at;
}

function deeper(depth: number, nesting: number): number {
  if (depth < nesting) return depth + 1;
  throw new CodedError('bad-request', `the body nests deeper than ${nesting} levels`);
}

/**
 * Counts the keys that parsing kept: fewer than were written means that some were written twice. Fails with bad-request
 * on `__proto__`, which copies of an object would take for something else than a key.
 */
export function countKeys(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  let count = 0;
  if (Array.isArray(value)) {
    for (const item of value) count += countKeys(item);
    return count;
  }
  for (const key in value) {
    if (key === '__proto__') throw new CodedError('bad-request', 'the body has a field named "__proto__"');
    count += 1 + countKeys((value as Record<string, unknown>)[key]);
  }
  return count;
}
