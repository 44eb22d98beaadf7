import { isIPv4, isIPv6 } from 'node:net';

/** A place in the network. `host` is in lower case and ASCII; an IPv6 address has no brackets. */
export interface Endpoint {
  readonly host: string;
  /** Undefined: every port of the host. */
  readonly port: number | undefined;
}

/** The backend of an API. */
export interface Backend extends Endpoint {
  readonly port: number;
  readonly secure: boolean;
  /** Path of the URL as written; `/` when it has none. */
  readonly path: string;
}

/** Why a text cannot be used, and what to write instead. */
export interface Unreadable {
  readonly problem: string;
}

interface URLParts {
  readonly scheme: string;
  readonly authority: string;
  readonly path: string;
  readonly rest: string;
}

const longestText = 2048;
const urlPattern = /^([a-z][a-z0-9+.-]*):\/\/([^/?#]*)([^?#]*)(.*)$/i;

/** An API's backend from its URL, http or https. */
export function readBackend(text: string): Backend | Unreadable {
  const parts = splitURL(text);
  if ('problem' in parts) return parts;
  const { scheme, authority, path, rest } = parts;
  if (scheme !== 'https' && scheme !== 'http') return schemeProblem(text, scheme, '"https://" or "http://"');
  if (rest !== '') return problem('a query or a fragment cannot be part of it; leave out everything from ? or # on');
  const place = readAuthority(authority);
  if ('problem' in place) return place;
  const secure = scheme === 'https';
  return { host: place.host, port: place.port ?? (secure ? 443 : 80), secure, path: path === '' ? '/' : path };
}

/** The endpoint that a certificate is for: an https URL, `host:port`, or a bare host, which means each of its ports. */
export function readEndpoint(text: string): Endpoint | Unreadable {
  if (isIPv6(text)) return readAuthority(`[${text}]`);
  if (!text.includes('://')) return checkText(text) ?? (isBarePath(text) ? pathProblem(text) : readAuthority(text));
  const parts = splitURL(text);
  if ('problem' in parts) return parts;
  if (parts.scheme === 'http') {
    return problem('http uses no certificates; write the https URL, or host:port');
  }
  if (parts.scheme !== 'https') return schemeProblem(text, parts.scheme, '"https://", or only host:port');
  const place = readAuthority(parts.authority);
  return 'problem' in place ? place : { host: place.host, port: place.port ?? 443 };
}

/** `host:port`, or `host` alone for every port; an IPv6 address is put into brackets. */
export function endpointTerm(host: string, port?: number): string {
  const name = host.includes(':') ? `[${host}]` : host;
  return port === undefined ? name : `${name}:${port}`;
}

/**
 * A host in the one form in which hosts are compared: lower case, IDN as A-labels, addresses in their shortest form and
 * without brackets, no final dot.
 */
export function readHost(text: string): { readonly host: string } | Unreadable {
  const plain = text.endsWith('.') ? text.slice(0, -1) : text;
  if (plain === '') return problem('a host is missing, such as api.example.com');
  if (plain.startsWith('*')) return problem('a wildcard names no single host; write each host out');
  const host = isIPv6(plain) ? shortIPv6(plain) : asciiName(plain);
  if (host === undefined) return problem(`${quoted(plain)} is not the name or address of a host`);
  return { host };
}

function splitURL(text: string): URLParts | Unreadable {
  const wrong = checkText(text);
  if (wrong !== undefined) return wrong;
  const match = urlPattern.exec(text);
  if (match === null) return problem(`it has no scheme; write https://${text.replace(/^[/:]+/, '')}, or http://`);
  const [, scheme = '', authority = '', path = '', rest = ''] = match;
  return { scheme: scheme.toLowerCase(), authority, path, rest };
}

function checkText(text: string): Unreadable | undefined {
  if (text === '') return problem('it is empty; write a host, such as api.example.com');
  if (text.length > longestText) return problem(`it is longer than ${longestText} characters`);
  // eslint-disable-next-line no-control-regex
  if (/[\s\\\u0000-\u001f\u007f]/.test(text))
    return problem('spaces, backslashes and control characters are not allowed in it');
  return undefined;
}

const isBarePath = (text: string): boolean => /[/?#]/.test(text);

const pathProblem = (text: string): Unreadable =>
  problem(`it has a path but no scheme; write https://${text}, or only host:port`);

const schemeProblem = (text: string, scheme: string, wanted: string): Unreadable =>
  problem(`the scheme ${quoted(scheme)} is not supported; start ${quoted(text)} with ${wanted}`);

function readAuthority(authority: string): Endpoint | Unreadable {
  if (authority.includes('@'))
    return problem('a user name or password cannot be part of it; leave out everything up to @');
  const match = /^(?:\[([^\]]*)\]|([^:[\]]*))(?::([^:]*))?$/.exec(authority);
  if (match === null) return problem('it has too many colons; put an IPv6 address into brackets: [::1]:8443');
  const [, address, name = '', port] = match;
  if (address !== undefined && !isIPv6(address)) return problem(`${quoted(address)} is not an IPv6 address`);
  const host = readHost(address ?? name);
  if ('problem' in host) return host;
  if (port === undefined) return { host: host.host, port: undefined };
  const number = /^\d{1,5}$/.test(port) ? Number(port) : 0;
  if (number < 1 || number > 65_535) return problem(`${quoted(port)} is not a port; ports are 1 to 65535`);
  return { host: host.host, port: number };
}

function shortIPv6(address: string): string | undefined {
  if (address.includes('%')) return undefined;
  return new URL(`http://[${address}]`).hostname.slice(1, -1);
}

const label = /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/;

/** UTS 46 through the URL parser of the platform, which also knows other spellings of IPv4; those are refused. */
function asciiName(name: string): string | undefined {
  if (/[%/?#@:[\]]/.test(name) || !URL.canParse(`http://${name}`)) return undefined;
  const { hostname } = new URL(`http://${name}`);
  if (isIPv4(hostname)) return hostname === name ? hostname : undefined;
  return hostname.length <= 253 && hostname.split('.').every((part) => label.test(part)) ? hostname : undefined;
}

const quoted = (text: string): string => JSON.stringify(text.length > 100 ? `${text.slice(0, 100)}...` : text);

const problem = (text: string): Unreadable => ({ problem: text });
