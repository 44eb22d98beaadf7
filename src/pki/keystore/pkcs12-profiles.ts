/** How a PKCS#12 file is protected. The names and their meaning are cert-manager's, which are go-pkcs12's. */
export interface PKCS12Profile {
  readonly certificates: BagCipher;
  readonly key: BagCipher;
  readonly mac: 'SHA-1' | 'SHA-256' | 'PBMAC1';
  readonly encryptionIterations: number;
  readonly macIterations: number;
  readonly saltBytes: number;
}

export type BagCipher = 'RC2-40' | '3DES' | 'AES-256';

/**
 * LegacyRC2 and LegacyDES are what programs before 2019 read; a single MAC iteration is part of that. The password of
 * such a file protects nothing. Modern2023 is read by OpenSSL 1.1 and Java 8u301 and later; Modern2026 (RFC 9579) by
 * OpenSSL 3.4 and Java 26 and later.
 */
export const pkcs12Profiles = {
  LegacyRC2: {
    certificates: 'RC2-40',
    key: '3DES',
    mac: 'SHA-1',
    encryptionIterations: 2048,
    macIterations: 1,
    saltBytes: 8,
  },
  LegacyDES: {
    certificates: '3DES',
    key: '3DES',
    mac: 'SHA-1',
    encryptionIterations: 2048,
    macIterations: 1,
    saltBytes: 8,
  },
  Modern2023: {
    certificates: 'AES-256',
    key: 'AES-256',
    mac: 'SHA-256',
    encryptionIterations: 2048,
    macIterations: 2048,
    saltBytes: 16,
  },
  Modern2026: {
    certificates: 'AES-256',
    key: 'AES-256',
    mac: 'PBMAC1',
    encryptionIterations: 2048,
    macIterations: 2048,
    saltBytes: 16,
  },
} as const satisfies Record<string, PKCS12Profile>;

export type PKCS12ProfileName = keyof typeof pkcs12Profiles;
