import { latin1 } from './latin1.ts';
import { uint16 } from './uint16.ts';

/** The name that a server_name extension holds, or what is wrong with it. */
export type ServerNameReading = { readonly host: string } | 'malformed' | 'bad-name';

const hostNameType = 0;
const listHeaderBytes = 2;
const entryHeaderBytes = 3;

/**
 * Letters, digits, hyphens and, since people have them, underscores, in labels of up to 63 bytes. An IPv4 address has
 * this form too: RFC 6066 forbids it, clients send it, and it does no harm.
 */
const hostName = /^(?:[a-z0-9_-]{1,63}\.)*[a-z0-9_-]{1,63}$/;
const longestName = 253;

/** RFC 6066 section 3: a list of typed names, of which only one of type host_name was ever defined. */
export function readServerName(extension: Uint8Array): ServerNameReading {
  const end = listHeaderBytes + entryHeaderBytes + uint16(extension, listHeaderBytes + 1);
  const listEnd = listHeaderBytes + uint16(extension, 0);
  if (listEnd !== extension.length || end !== listEnd || extension.length <= listHeaderBytes + entryHeaderBytes) {
    return 'malformed';
  }
  if (extension[listHeaderBytes] !== hostNameType) return 'malformed';
  return readHost(extension.subarray(listHeaderBytes + entryHeaderBytes, end));
}

function readHost(bytes: Uint8Array): ServerNameReading {
  if (bytes.length > longestName + 1) return 'bad-name';
  const text = latin1(bytes).toLowerCase();
  const host = text.endsWith('.') ? text.slice(0, -1) : text;
  return host.length <= longestName && hostName.test(host) ? { host } : 'bad-name';
}
