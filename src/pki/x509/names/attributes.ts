import { rememberOIDs } from '../der/index.ts';

/** The attribute types that `literalSubject` knows by a short name (RFC 4514 section 3, plus SERIALNUMBER). */
export const subjectKeys: Readonly<Record<string, string>> = {
  C: '2.5.4.6',
  O: '2.5.4.10',
  OU: '2.5.4.11',
  CN: '2.5.4.3',
  SERIALNUMBER: '2.5.4.5',
  L: '2.5.4.7',
  ST: '2.5.4.8',
  STREET: '2.5.4.9',
  DC: '0.9.2342.19200300.100.1.25',
  UID: '0.9.2342.19200300.100.1.1',
};

/** Those, and the ones that other certificates carry and people know by name (RFC 4519, RFC 2985, CA/B Forum). */
export const attributeKeys: Readonly<Record<string, string>> = {
  ...subjectKeys,
  postalCode: '2.5.4.17',
  SN: '2.5.4.4',
  GN: '2.5.4.42',
  title: '2.5.4.12',
  businessCategory: '2.5.4.15',
  dnQualifier: '2.5.4.46',
  organizationIdentifier: '2.5.4.97',
  emailAddress: '1.2.840.113549.1.9.1',
};

export const commonNameOID = '2.5.4.3';
export const emailAddressOID = '1.2.840.113549.1.9.1';

/** Types whose syntax is IA5String and nothing else (RFC 4519 2.4, RFC 5280 4.1.2.6). */
export const ia5Types: ReadonlySet<string> = new Set([subjectKeys['DC']!, emailAddressOID]);

const keysByOID = new Map(Object.entries(attributeKeys).map(([key, type]) => [type, key]));

/** `CN` for 2.5.4.3; undefined for a type without a usual short name. */
export function attributeKey(type: string): string | undefined {
  return keysByOID.get(type);
}

/** Finds a type by short name without regard to case (RFC 4512 1.4: descriptors are case-insensitive). */
export function attributeType(key: string, known: Readonly<Record<string, string>>): string | undefined {
  return known[key] ?? Object.entries(known).find(([name]) => name.toLowerCase() === key.toLowerCase())?.[1];
}

rememberOIDs(keysByOID.keys());
