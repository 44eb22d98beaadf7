import { oid, rememberOIDs } from '../der/index.ts';

/** Certificate extensions (RFC 5280 4.2). */
export const extensionOIDs = {
  subjectKeyId: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  nameConstraints: '2.5.29.30',
  crlDistributionPoints: '2.5.29.31',
  certificatePolicies: '2.5.29.32',
  authorityKeyId: '2.5.29.35',
  extendedKeyUsage: '2.5.29.37',
  authorityInfoAccess: '1.3.6.1.5.5.7.1.1',
} as const;

/** Extensions that path building and the handshake oracle understand; any other critical one must be refused. */
export const understoodExtensions: ReadonlySet<string> = new Set(Object.values(extensionOIDs));

const encoded = new Map(Object.values(extensionOIDs).map((dotted) => [dotted as string, oid(dotted)]));

/** DER of an extension's identifier. */
export function extensionOID(dotted: string): Uint8Array {
  return encoded.get(dotted) ?? oid(dotted);
}

rememberOIDs(encoded.keys());
