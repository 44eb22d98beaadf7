/**
 * How a password becomes bytes. PKCS#12's own derivation takes UTF-16 with a terminator (RFC 7292, B.1); PBES2 and
 * PBMAC1 take UTF-8 (RFC 8018); Java's JKS takes UTF-16 without a terminator.
 */
export interface PasswordBytes {
  /** For RFC 7292, appendix B. */
  readonly bmp: Uint8Array;
  /** For PBKDF2. */
  readonly utf8: Uint8Array;
}

/** The bytes that a writer uses. Characters outside the basic plane become surrogate pairs, as in OpenSSL and Java. */
export function passwordBytes(password: string): PasswordBytes {
  return { bmp: terminated(utf16(password)), utf8: Buffer.from(password, 'utf8') };
}

/**
 * All that a reader has to try: an empty password is written with and without the terminator by different programs,
 * and OpenSSL before 1.1 took every byte of a UTF-8 password for one character.
 */
export function passwordReadings(password: string): readonly PasswordBytes[] {
  const written = passwordBytes(password);
  if (password === '') return [written, { bmp: new Uint8Array(), utf8: written.utf8 }];
  const bytewise = Buffer.from(written.utf8).toString('latin1');
  return bytewise === password ? [written] : [written, { bmp: terminated(utf16(bytewise)), utf8: written.utf8 }];
}

/** UTF-16, big end first: the bytes of a BMPString, and of a JKS password. */
export function utf16(text: string): Uint8Array {
  return Buffer.from(text, 'utf16le').swap16();
}

function terminated(bytes: Uint8Array): Uint8Array {
  return Buffer.concat([bytes, new Uint8Array(2)]);
}
