/** A client that is sent more than this without completing its hello gets no further. */
export const maximumHelloBytes = 65_536;

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

/** Reads all bytes received so far; call again with all of them when more arrive. */
export function readClientHello(bytes: Uint8Array): HelloReading {
  return { state: bytes.length > 0 ? 'not-tls' : 'more' };
}
