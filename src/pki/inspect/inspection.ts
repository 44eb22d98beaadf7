import type { ErrorCode } from '#errors';
import type { PKCS12Protection } from '#pki/keystore';
import type { WarningCode, WarningSeverity } from './warning-codes.ts';

/** One file, Secret key or connection to look at. */
export interface Source {
  /** What the report calls it: `tls.crt`, `keystore.p12`. Parts that were presented together have one name. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

export interface InspectOptions {
  readonly now: Date;
  /** Opens keystores and encrypted keys. Left out, what is locked stays locked. */
  readonly password?: string;
  /** Password of the keys in a keystore where they have their own. */
  readonly keyPassword?: string;
}

export type SourceFormat = 'PEM' | 'DER' | 'PKCS7' | 'PKCS12' | 'JKS' | 'JCEKS';

/** All of it. Items are referred to by their position in `items`. */
export interface Inspection {
  readonly sources: readonly InspectedSource[];
  readonly items: readonly InspectedItem[];
  /** Certificates as a forest: whoever signed none of the others' issuers is on top. */
  readonly chains: readonly ChainNode[];
  /** The worst first. */
  readonly warnings: readonly Warning[];
}

export interface InspectedSource {
  readonly name: string;
  readonly format: SourceFormat;
  /** Something in it could not be opened without a password. */
  readonly locked: boolean;
  /** Of a PKCS#12 file. */
  readonly protection?: PKCS12Protection;
}

export type InspectedItem = CertificateItem | KeyItem | RequestItem | OtherItem | DamagedItem;

interface Placed {
  /** Name of the source. */
  readonly source: string;
  /** Where in the source: `line 24`, `entry "gateway"`; empty when it is the whole source. */
  readonly place: string;
}

export interface CertificateItem extends Placed {
  readonly type: 'certificate';
  /** In a keystore: presented with a key, or trusted by itself. */
  readonly role?: 'chain' | 'trusted';
  readonly certificate: CertificateSummary;
}

export interface KeyItem extends Placed {
  readonly type: 'key';
  /** `RSA 2048`, `ECDSA P-256`, `Ed25519`; undefined while it is locked. */
  readonly algorithm: string | undefined;
  readonly locked: boolean;
  /** Items, certificates and requests, that hold its public key. */
  readonly matches: readonly number[];
}

export interface RequestItem extends Placed {
  readonly type: 'request';
  readonly request: RequestSummary;
}

/** Something known that is only named: `crl`, `public-key`, `secret`. */
export interface OtherItem extends Placed {
  readonly type: 'other';
  readonly what: string;
}

export interface DamagedItem extends Placed {
  readonly type: 'damaged';
  readonly code: ErrorCode;
  readonly message: string;
}

export interface CertificateSummary {
  /** RFC 4514. */
  readonly subject: string;
  readonly issuer: string;
  readonly version: number;
  /** Lower-case hexadecimal. */
  readonly serialNumber: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly validity: 'valid' | 'expired' | 'not-yet-valid';
  /** Whole days until notAfter; negative when it has passed. */
  readonly daysLeft: number;
  /** `ECDSA P-256`, or what OpenSSL calls it. */
  readonly key: string;
  readonly signatureAlgorithm: string;
  readonly isCA: boolean;
  readonly pathLength?: number;
  readonly isSelfSigned: boolean;
  /** cert-manager's names; undefined when the extension is absent. */
  readonly keyUsages: readonly string[] | undefined;
  readonly extendedKeyUsages: readonly string[] | undefined;
  /** `DNS:example.com`, `IP:192.0.2.1`. */
  readonly altNames: readonly string[];
  readonly fingerprints: { readonly sha256: string; readonly sha1: string };
  readonly subjectKeyId: string | undefined;
  readonly authorityKeyId: string | undefined;
}

export interface RequestSummary {
  readonly subject: string;
  readonly key: string;
  readonly signatureAlgorithm: string;
  /** Whether its own key signed it. */
  readonly isSigned: boolean;
  readonly isCA: boolean;
  readonly keyUsages: readonly string[] | undefined;
  readonly extendedKeyUsages: readonly string[] | undefined;
  readonly altNames: readonly string[];
}

/** A certificate with those that it signed. A certificate that occurs several times is here once. */
export interface ChainNode {
  readonly item: number;
  readonly signed: readonly ChainNode[];
  /** Set on top when the signer is not at hand: the issuer's name. */
  readonly missingIssuer?: string;
  /** Other certificates at hand with the signing key, as after a cross-signing. */
  readonly alsoSignedBy?: readonly number[];
}

export interface Warning {
  readonly code: WarningCode;
  readonly severity: WarningSeverity;
  readonly message: string;
  /** The item that it is about; undefined when it is about a source. */
  readonly item?: number;
  readonly source?: string;
}
