/** Versions in the order of the protocol's history; ranges are computed on positions in this list. */
export const protocolNames = ['tls_v1.0', 'tls_v1.1', 'tls_v1.2', 'tls_v1.3'] as const;

export type Protocol = (typeof protocolNames)[number];

export const defaultProtocols: readonly Protocol[] = ['tls_v1.2', 'tls_v1.3'];

/** The versions that RFC 8996 forbids, for peers that cannot be replaced. */
export const deprecatedProtocols: readonly Protocol[] = ['tls_v1.0', 'tls_v1.1'];

/** Node's names of the versions. */
export type NodeVersion = 'TLSv1' | 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3';

const nodeNames: Readonly<Record<Protocol, NodeVersion>> = {
  'tls_v1.0': 'TLSv1',
  'tls_v1.1': 'TLSv1.1',
  'tls_v1.2': 'TLSv1.2',
  'tls_v1.3': 'TLSv1.3',
};

export function isProtocol(name: string): name is Protocol {
  return (protocolNames as readonly string[]).includes(name);
}

/** Node's `minVersion`/`maxVersion`. */
export function nodeVersion(protocol: Protocol): NodeVersion {
  return nodeNames[protocol];
}

/** `TLS 1.2` */
export function protocolTitle(protocol: Protocol): string {
  return protocol.replace('tls_v', 'TLS ');
}

/** Versions between the lowest and the highest of `protocols` that are not among them, lowest first. */
export function skippedProtocols(protocols: readonly Protocol[]): Protocol[] {
  const positions = protocols.map((protocol) => protocolNames.indexOf(protocol));
  const between = protocolNames.slice(Math.min(...positions), Math.max(...positions) + 1);
  return between.filter((protocol) => !protocols.includes(protocol));
}
