const ipv4 = /^(?:0|[1-9]\d?|1\d\d|2[0-4]\d|25[0-5])(?:\.(?:0|[1-9]\d?|1\d\d|2[0-4]\d|25[0-5])){3}$/;
const group = /^[0-9a-fA-F]{1,4}$/;

/** Octets of an address: 4 for IPv4, 16 for IPv6; undefined for anything else, zones included. */
export function parseIP(text: string): Uint8Array | undefined {
  if (ipv4.test(text)) return new Uint8Array(text.split('.').map(Number));
  return text.includes(':') && text.length <= 45 ? parseIPv6(text) : undefined;
}

/** As `parseIP`, with IPv4 addresses written as IPv6 (`::ffff:10.0.0.1`) shortened to 4 octets, as Go does. */
export function parseIPShort(text: string): Uint8Array | undefined {
  const octets = parseIP(text);
  return octets !== undefined && isMapped(octets) ? octets.subarray(12) : octets;
}

/** The usual text of 4 or 16 octets (RFC 5952); undefined for any other length. */
export function formatIP(octets: Uint8Array): string | undefined {
  if (octets.length === 4) return octets.join('.');
  if (octets.length !== 16) return undefined;
  return isMapped(octets) ? `::ffff:${octets.subarray(12).join('.')}` : formatIPv6(octets);
}

function isMapped(octets: Uint8Array): boolean {
  return (
    octets.length === 16 &&
    octets.subarray(0, 10).every((octet) => octet === 0) &&
    octets[10] === 255 &&
    octets[11] === 255
  );
}

function parseIPv6(text: string): Uint8Array | undefined {
  const [head, tail, ...more] = splitIPv4Tail(text).split('::');
  if (more.length > 0) return undefined;
  const before = groupsOf(head!);
  const after = tail === undefined ? [] : groupsOf(tail);
  const missing = 8 - before.length - after.length;
  if (tail === undefined ? missing !== 0 : missing < 1) return undefined;
  const groups = [...before, ...Array<string>(missing).fill('0'), ...after];
  if (!groups.every((digits) => group.test(digits))) return undefined;
  return Uint8Array.from(
    groups.flatMap((digits) => [Number.parseInt(digits, 16) >> 8, Number.parseInt(digits, 16) & 0xff]),
  );
}

/** Rewrites a dotted ending as two groups, so that only one form is left to read. */
function splitIPv4Tail(text: string): string {
  const at = text.lastIndexOf(':') + 1;
  const tail = text.slice(at);
  if (!ipv4.test(tail)) return text;
  const [a, b, c, d] = tail.split('.').map(Number) as [number, number, number, number];
  return `${text.slice(0, at)}${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`;
}

function groupsOf(text: string): string[] {
  return text === '' ? [] : text.split(':');
}

/** The longest run of two or more zero groups becomes `::`, the first of equals (RFC 5952 4.2). */
function formatIPv6(octets: Uint8Array): string {
  const groups = Array.from({ length: 8 }, (_, at) => ((octets[at * 2]! << 8) | octets[at * 2 + 1]!).toString(16));
  const run = longestZeroRun(groups);
  if (run.length < 2) return groups.join(':');
  return `${groups.slice(0, run.start).join(':')}::${groups.slice(run.start + run.length).join(':')}`;
}

function longestZeroRun(groups: readonly string[]): { start: number; length: number } {
  let best = { start: 0, length: 0 };
  for (let start = 0; start < groups.length; start++) {
    let length = 0;
    while (groups[start + length] === '0') length++;
    if (length > best.length) best = { start, length };
  }
  return best;
}
