/** Characters that no origin form holds; a space or a line break would let a caller write the backend's request. */
const forbidden = /[^\u0021\u0022\u0024-\u007e\u0080-\u00ff]/u;
/** Whether a path needs a second look: dot segments, encoded dots, slashes, backslashes or NULs. */
const suspicious = /\/\.|%(?:2[ef]|5c|00)|\\/iu;

/**
 * The path and query of a request as the backend shall see them: dot segments resolved (RFC 3986 section 5.2.4), encoded
 * slashes kept. undefined for what leaves the root, or what two readers could take for two different paths: an encoded
 * slash beside dots, a backslash, a NUL, dots with a parameter (`..;`).
 */
export function cleanPath(target: string): string | undefined {
  if (!target.startsWith('/') || forbidden.test(target)) return undefined;
  const queryAt = target.indexOf('?');
  const path = queryAt === -1 ? target : target.slice(0, queryAt);
  if (!suspicious.test(path)) return target;
  const resolved = resolve(path);
  return resolved === undefined || queryAt === -1 ? resolved : resolved + target.slice(queryAt);
}

function resolve(path: string): string | undefined {
  const kept: string[] = [];
  const segments = path.slice(1).split('/');
  for (const [index, segment] of segments.entries()) {
    const isLast = index === segments.length - 1;
    const plain = segment.replaceAll(/%2e/giu, '.');
    if (isAmbiguous(plain)) return undefined;
    if (plain === '..' && kept.pop() === undefined) return undefined;
    if (plain !== '.' && plain !== '..') kept.push(segment);
    else if (isLast) kept.push('');
  }
  return `/${kept.join('/')}`;
}

function isAmbiguous(segment: string): boolean {
  if (/\\|%5c|%00/iu.test(segment)) return true;
  const parts = segment.split(/%2f/iu);
  return parts.some((part) => isDots(part.split(';')[0]!) && (parts.length > 1 || part.includes(';')));
}

function isDots(text: string): boolean {
  return text === '.' || text === '..';
}
