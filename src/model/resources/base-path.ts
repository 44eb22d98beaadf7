/**
 * Why a text cannot be the base path of an API (RFC 3986, section 3.3: absolute, normal, without a final slash), with what
 * to write instead; undefined when it can.
 */
export function basePathProblem(path: string): string | undefined {
  if (path === '') return 'write the start of the paths of the API, such as /petstore/v1';
  if (path.length > longestPath) return `it is longer than ${longestPath} characters`;
  if (path === '/') return undefined;
  if (path.includes('://')) return 'only the path is wanted; leave out scheme and host';
  if (!path.startsWith('/')) return `it must begin with a slash; write /${path}`;
  if (/[?#]/.test(path)) return 'a query or a fragment cannot be part of it; leave out everything from ? or # on';
  if (path.endsWith('/')) return `it must not end with a slash; write ${path.replace(/\/+$/, '') || '/'}`;
  return path
    .slice(1)
    .split('/')
    .map(segmentProblem)
    .find((problem) => problem !== undefined);
}

const longestPath = 1024;

function segmentProblem(segment: string): string | undefined {
  if (segment === '') return 'it must not have two slashes in a row';
  if (segment === '.' || segment === '..') return `it must not have a segment "${segment}"`;
  if (/%(?![0-9a-f]{2})/i.test(segment)) return 'a percent sign must be followed by two hexadecimal digits';
  if (/%(?:2f|5c|00|2e)/i.test(segment))
    return 'slashes, backslashes, dots and zero bytes cannot be percent-encoded in it';
  if (!/^[\w.~!$&'()*+,;=:@%-]+$/.test(segment))
    return 'it may hold the characters of URL paths only; percent-encode others';
  return undefined;
}
