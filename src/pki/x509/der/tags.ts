/** Identifier octets of the universal types X.509 and PKCS use, constructed bit included (X.690 8.1.2). */
export const Tag = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  oid: 0x06,
  utf8String: 0x0c,
  printableString: 0x13,
  teletexString: 0x14,
  ia5String: 0x16,
  utcTime: 0x17,
  generalizedTime: 0x18,
  universalString: 0x1c,
  bmpString: 0x1e,
  sequence: 0x30,
  set: 0x31,
} as const;

/** Identifier octet of `[number]` around a primitive value, as IMPLICIT tagging of strings and integers makes it. */
export function contextTag(number: number): number {
  return 0x80 | number;
}

/** Identifier octet of `[number]` around other elements: EXPLICIT tagging, and IMPLICIT tagging of sequences and sets. */
export function constructedTag(number: number): number {
  return 0xa0 | number;
}
