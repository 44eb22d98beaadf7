/** Fields of a backend's response that end at the gateway: the connection's own, and what only the gateway says. */
const dropped = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'proxy-authenticate',
  'transfer-encoding',
  'upgrade',
  'te',
  // Speaks of the backend's own address, under which callers shall not look for it.
  'alt-svc',
  'chancery-error',
]);
const longestDropped = 18;

/** What is passed on of `raw` (name, value, name, value), names as they are. */
export function responseHeaders(raw: readonly string[]): string[] {
  const kept: string[] = [];
  let nominated: string | undefined;
  for (let i = 0; i < raw.length; i += 2) {
    const name = raw[i]!;
    const lower = name.length <= longestDropped ? name.toLowerCase() : name;
    if (!dropped.has(lower)) kept.push(name, raw[i + 1]!);
    else if (lower === 'connection') nominated = nominated === undefined ? raw[i + 1]! : `${nominated},${raw[i + 1]!}`;
  }
  return nominated === undefined ? kept : withoutNominated(kept, nominated);
}

function withoutNominated(headers: string[], connection: string): string[] {
  const named = connection
    .toLowerCase()
    .split(',')
    .map((option) => option.trim());
  if (named.every((option) => option === 'keep-alive' || option === 'close')) return headers;
  const kept: string[] = [];
  for (let i = 0; i < headers.length; i += 2) {
    const lower = headers[i]!.toLowerCase();
    // The framing is the gateway's business, whatever a backend nominates.
    if (lower === 'content-length' || !named.includes(lower)) kept.push(headers[i]!, headers[i + 1]!);
  }
  return kept;
}
