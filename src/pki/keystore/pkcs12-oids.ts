/** Object identifiers of RFC 7292 and PKCS#9, and Oracle's. */
export const pkcs7Data = '1.2.840.113549.1.7.1';
export const pkcs7EncryptedData = '1.2.840.113549.1.7.6';

const bag = '1.2.840.113549.1.12.10.1';
export const keyBag = `${bag}.1`;
export const shroudedKeyBag = `${bag}.2`;
export const certificateBag = `${bag}.3`;
export const crlBag = `${bag}.4`;
export const safeContentsBag = `${bag}.6`;

export const x509Certificate = '1.2.840.113549.1.9.22.1';
export const friendlyName = '1.2.840.113549.1.9.20';
export const localKeyId = '1.2.840.113549.1.9.21';

/** Marks a certificate as an anchor; its value lists the purposes. Java ignores certificates of a truststore without it. */
export const oracleTrustedKeyUsage = '2.16.840.1.113894.746875.1.1';
export const anyExtendedKeyUsage = '2.5.29.37.0';
