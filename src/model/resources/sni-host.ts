import { isIP } from 'node:net';
import { readHost } from './endpoint.ts';

/**
 * Why a text cannot be the host of a listener, with what to write instead; undefined for `*`, a name, or `*.` and a name,
 * which callers send as it is written, but for its case. Addresses are no server names (RFC 6066, section 3).
 */
export function sniHostProblem(text: string): string | undefined {
  if (text === '*') return undefined;
  const [wildcard, name] = text.startsWith('*.') ? ['*.', text.slice(2)] : ['', text];
  if (name.includes('*')) return 'a wildcard stands for the whole first label only: *.example.com';
  const read = readHost(name);
  if ('problem' in read) return read.problem;
  if (isIP(read.host) !== 0) return 'callers send no server name for an address; use "*" for them';
  const asSent = `${wildcard}${read.host}`;
  return asSent === text.toLowerCase() ? undefined : `callers send this name in another form; write ${asSent}`;
}
