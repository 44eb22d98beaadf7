import { findPEM, parsePrivateKeyPEM } from '#pki/x509';
import type { Keystore, TrustedEntry } from './keystore.ts';

/** One issued certificate with what belongs to it, as a Secret has it; all DER. */
export interface CertificateMaterial {
  /** tls.key as PKCS#8. */
  readonly key: Uint8Array;
  /** tls.crt: the certificate, then its intermediates. */
  readonly chain: readonly Uint8Array[];
  /** ca.crt; empty when the issuer's root is not known. */
  readonly ca: readonly Uint8Array[];
}

/** The PEM texts of a Secret, as DER. Fails as x509's PEM and key parsers do; the certificates are not parsed. */
export function certificateMaterial(pem: {
  readonly key: string | Uint8Array;
  readonly chain: string | Uint8Array;
  /** Absent or empty when there is no ca.crt. */
  readonly ca?: string | Uint8Array;
}): CertificateMaterial {
  const { key, chain, ca = '' } = pem;
  return {
    key: parsePrivateKeyPEM(key).toDER('PKCS8'),
    chain: certificateBytes(chain),
    ca: ca.length === 0 ? [] : certificateBytes(ca),
  };
}

function certificateBytes(pem: string | Uint8Array): Uint8Array[] {
  return findPEM(pem, ['CERTIFICATE'], 'certificate').map(({ der }) => der);
}

/** cert-manager's name for the key in a JKS keystore when `spec.keystores.jks.alias` is not given. */
export const defaultJKSAlias = 'certificate';

/** Content of keystore.jks in cert-manager's layout: the key with tls.crt as its chain, and ca.crt as trusted entries. */
export function jksKeystore(material: CertificateMaterial, alias: string = defaultJKSAlias): Keystore {
  const { key, chain, ca } = material;
  return { entries: [{ type: 'key', alias, key, chain }, ...trustedEntries(ca)] };
}

/** Content of truststore.jks: ca.crt; undefined when there is none, and then there is no such file. */
export function jksTruststore(ca: readonly Uint8Array[]): Keystore | undefined {
  return ca.length === 0 ? undefined : { entries: trustedEntries(ca) };
}

/** Content of keystore.p12: the key, its certificate, and the rest of tls.crt and ca.crt as the rest of the chain. */
export function pkcs12Keystore({ key, chain, ca }: CertificateMaterial): Keystore {
  return { entries: [{ type: 'key', alias: '', key, chain: [...chain, ...ca] }] };
}

/**
 * Content of truststore.p12: ca.crt; undefined when there is none. The entries are named as in truststore.jks and not by
 * subject: two generations of a CA share their subject, and of two entries with one name Java keeps the last.
 */
export function pkcs12Truststore(ca: readonly Uint8Array[]): Keystore | undefined {
  return jksTruststore(ca);
}

/** `ca`, `ca-1`, `ca-2`… */
function trustedEntries(ca: readonly Uint8Array[]): TrustedEntry[] {
  return ca.map((certificate, i) => ({ type: 'trusted', alias: i === 0 ? 'ca' : `ca-${i}`, certificate }));
}
