/** What a keystore holds, whatever its file format. Bytes are DER: certificates X.509, private keys PKCS#8. */
export interface Keystore {
  readonly entries: readonly KeystoreEntry[];
  /** What the file holds besides, and no entry can: `crl`, `secret`, `sdsi-certificate`. Absent when there is nothing. */
  readonly unread?: readonly string[];
}

export type KeystoreEntry = KeyEntry | TrustedEntry;

/** A private key with the certificates that are presented with it, its own first. */
export interface KeyEntry {
  readonly type: 'key';
  /** Empty where the file gives the entry no name, which PKCS#12 allows. */
  readonly alias: string;
  /** PKCS#8 PrivateKeyInfo, DER. */
  readonly key: Uint8Array;
  readonly chain: readonly Uint8Array[];
  /** PKCS#12 localKeyId, which pairs a key with its certificate; made from the certificate's SHA-1 when absent. */
  readonly localKeyId?: Uint8Array;
}

/** A certificate without a key. */
export interface TrustedEntry {
  readonly type: 'trusted';
  readonly alias: string;
  readonly certificate: Uint8Array;
  /**
   * False for a PKCS#12 certificate without Oracle's trustedKeyUsage attribute: Java does not list it as an entry of
   * its own. Absent means true.
   */
  readonly seenByJava?: boolean;
}

/** Bytes from a cryptographic source; an argument, so that a keystore can be made twice alike in a test. */
export type RandomBytes = (size: number) => Uint8Array;

/** How a keystore is opened. Java lets a key have a password of its own. */
export interface KeystorePasswords {
  readonly password: string;
  /** Password of the private keys where it is not the keystore's. */
  readonly keyPassword?: string | undefined;
  /** Most iterations of key derivation that the file may ask for in all; 8,000,000, some seconds, when left out. */
  readonly workLimit?: number | undefined;
}
