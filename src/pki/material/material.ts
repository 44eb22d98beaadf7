import type { Certificate, PrivateKey } from '#pki/x509';
import type { Finding } from './finding.ts';

/** What a file was. A `.crt` is PEM or DER, a `.p7b` PKCS7. */
export type MaterialFormat = 'PEM' | 'DER' | 'PKCS7' | 'PKCS12' | 'JKS' | 'JCEKS';

/** A file with the name that errors and findings call it by. */
export interface MaterialFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Keys below it are reported as weak. */
export interface KeyStrength {
  /** 2048 when left out. */
  readonly rsaBits?: number | undefined;
  /** 256 when left out. */
  readonly ecBits?: number | undefined;
}

export interface MaterialOptions {
  readonly now: Date;
  /** Opens keystores and encrypted keys. */
  readonly password?: string | undefined;
  /** Password of the private keys where it is not the keystore's. */
  readonly keyPassword?: string | undefined;
  /** Most iterations of key derivation per file: `sizeLimits.interactiveIterations` where others wait; 8,000,000 when left out. */
  readonly workLimit?: number | undefined;
  readonly minimumKeyStrength?: KeyStrength | undefined;
}

export interface KeystoreOptions extends MaterialOptions {
  /** The one entry that is wanted, upper and lower case being alike; all when left out. */
  readonly alias?: string | undefined;
}

/** The private keys of a file, each with its chain. At least one. */
export interface KeystoreMaterial {
  /** Of the first file. */
  readonly format: MaterialFormat;
  readonly entries: readonly KeyEntryMaterial[];
  /** The worst first. */
  readonly findings: readonly Finding[];
}

export interface KeyEntryMaterial extends ChainMaterial {
  /** The file's name for the entry; `key-1`, `key-2`… in the order of the file where it has none. */
  readonly alias: string;
  readonly key: PrivateKey;
  /** `chain[0]`, whose public key is the private key's. */
  readonly certificate: Certificate;
}

/** A chain in the order in which it is presented. */
export interface ChainMaterial {
  /** Own certificate first, each issued by the next; without the root, unless the certificate is its own root. */
  readonly chain: readonly Certificate[];
  /** The self-signed end of the chain, when it is at hand; `chain[0]` itself when that is self-signed. */
  readonly root?: Certificate;
  /** Name of the issuer of the last certificate when that issuer is not at hand. */
  readonly missingIssuer?: string;
}

/** Certificates that are trusted; at least one, each once. */
export interface TruststoreMaterial {
  readonly format: MaterialFormat;
  /** In the order of the file. */
  readonly certificates: readonly TrustedMaterial[];
  /** The worst first. An expired certificate among good ones is a warning, an error when all are. */
  readonly findings: readonly Finding[];
}

export interface TrustedMaterial {
  readonly alias?: string;
  readonly certificate: Certificate;
  /** False for an end-entity certificate: it is trusted exactly as such. */
  readonly isCA: boolean;
}
