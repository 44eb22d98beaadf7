import { isIP } from 'node:net';
import { readHost } from './endpoint.ts';
import type { Unreadable } from './endpoint.ts';

/**
 * A host pattern of a listener in the one form in which names are compared: `*`, or a name in lower case with A-labels,
 * or `*.` and one. Addresses are refused, as they are no server names (RFC 6066, section 3).
 */
export function readSNIHost(text: string): { readonly host: string } | Unreadable {
  if (text === '*') return { host: '*' };
  const name = text.startsWith('*.') ? text.slice(2) : text;
  if (name.includes('*')) return { problem: 'a wildcard stands for the whole first label only: *.example.com' };
  const read = readHost(name);
  if ('problem' in read) return read;
  if (isIP(read.host) !== 0) return { problem: 'callers send no server name for an address; use "*" for them' };
  return text.startsWith('*.') ? { host: `*.${read.host}` } : read;
}
