import { locateExtensions } from './extensions.ts';
import { readALPN, readHighestVersion } from './offers.ts';
import { firstMessage } from './records.ts';
import { readServerName } from './server-name.ts';

/** What a client says in its first message (RFC 8446 section 4.1.2, RFC 5246 section 7.4.1.2). */
export interface ClientHello {
  readonly state: 'hello';
  /** Lower case, without a trailing dot; undefined when the client indicates none. */
  readonly serverName: string | undefined;
  /** In the client's order; empty when it offers none. */
  readonly alpn: readonly string[];
  /** Highest version offered, as on the wire: 0x0303 is TLS 1.2, 0x0304 TLS 1.3. */
  readonly highestVersion: number;
}

/**
 * `more`: so far it may become a hello. `not-tls`: it never will. `bad-name`: a hello whose server name is not the name
 * of a host (RFC 6066 section 3), which deserves the alert unrecognized_name.
 */
export type HelloReading = ClientHello | { readonly state: 'more' | 'not-tls' | 'bad-name' };

const more: HelloReading = { state: 'more' };
const notTLS: HelloReading = { state: 'not-tls' };
const badName: HelloReading = { state: 'bad-name' };

/** Reads all bytes received so far; call again with all of them when more have arrived. */
export function readClientHello(bytes: Uint8Array): HelloReading {
  const message = firstMessage(bytes);
  if (message === 'more') return more;
  return message === 'not-tls' ? notTLS : readBody(message);
}

function readBody(body: Uint8Array): HelloReading {
  const extensions = locateExtensions(body);
  if (extensions === undefined) return notTLS;
  const name = extensions.serverName === undefined ? undefined : readServerName(extensions.serverName);
  if (name === 'malformed') return notTLS;
  if (name === 'bad-name') return badName;
  return {
    state: 'hello',
    serverName: name?.host,
    alpn: extensions.alpn === undefined ? [] : readALPN(extensions.alpn),
    highestVersion: readHighestVersion(extensions.supportedVersions) ?? legacyVersion(body),
  };
}

function legacyVersion(body: Uint8Array): number {
  return ((body[0] as number) << 8) | (body[1] as number);
}
