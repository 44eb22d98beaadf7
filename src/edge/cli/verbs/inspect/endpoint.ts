/** Where a TLS server is, and what it is asked for. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
  /** Sent as SNI, unless it is an address. */
  readonly serverName: string;
}

/** `HOST:PORT`, `[IPv6]:PORT`, `https://HOST[:PORT][/...]`; undefined when `text` is none of them. */
export function parseEndpoint(text: string): { host: string; port: number } | undefined {
  const [, scheme, rest] = /^(?:(https:)\/\/)?([^/?#]+)/.exec(text) ?? [];
  if (rest === undefined || (scheme === undefined && rest !== text)) return undefined;
  const match = /^(?:\[([0-9a-fA-F:.]+)\]|([^:[\]\s@]+))(?::(\d{1,5}))?$/.exec(rest);
  const port = Number(match?.[3] ?? (scheme === undefined ? 0 : 443));
  return match === null || port < 1 || port > 65_535 ? undefined : { host: (match[1] ?? match[2])!, port };
}
