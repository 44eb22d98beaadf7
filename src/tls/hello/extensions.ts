import { uint16 } from './uint16.ts';

/** Bodies of the extensions that matter here, as views of the hello. */
export interface Extensions {
  serverName?: Uint8Array;
  alpn?: Uint8Array;
  supportedVersions?: Uint8Array;
}

const fields: Readonly<Record<number, keyof Extensions>> = { 0: 'serverName', 16: 'alpn', 43: 'supportedVersions' };

const versionAndRandomBytes = 34;

/**
 * Walks a ClientHello's body; undefined when its lengths contradict each other, or one of these extensions comes twice
 * (RFC 8446 section 4.2).
 */
export function locateExtensions(body: Uint8Array): Extensions | undefined {
  const start = extensionsOffset(body);
  if (start === undefined) return undefined;
  const found: Extensions = {};
  for (let offset = start; offset < body.length;) {
    const end = offset + 4 + uint16(body, offset + 2);
    if (offset + 4 > body.length || end > body.length) return undefined;
    const field = fields[uint16(body, offset)];
    if (field !== undefined && found[field] !== undefined) return undefined;
    if (field !== undefined) found[field] = body.subarray(offset + 4, end);
    offset = end;
  }
  return found;
}

/** Past session id, cipher suites, compression methods; the end of the body where there are no extensions at all. */
function extensionsOffset(body: Uint8Array): number | undefined {
  const sessionEnd = versionAndRandomBytes + 1 + (body[versionAndRandomBytes] ?? 0);
  const suitesEnd = sessionEnd + 2 + uint16(body, sessionEnd);
  const compressionEnd = suitesEnd + 1 + (body[suitesEnd] ?? 0);
  if (compressionEnd === body.length) return compressionEnd;
  const start = compressionEnd + 2;
  return start <= body.length && start + uint16(body, compressionEnd) === body.length ? start : undefined;
}
