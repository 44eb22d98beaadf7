import {
  oid,
  namedBits,
  parseDER,
  readNamedBits,
  readOID,
  rememberOIDs,
  sequence,
  Tag,
  malformedDER,
} from '../der/index.ts';
import type { Extension } from './extension.ts';
import { extensionOIDs } from './oids.ts';

/** cert-manager's names of the key usage bits (RFC 5280 4.2.1.3). */
export const keyUsageBits = {
  'digital signature': 0,
  'content commitment': 1,
  'key encipherment': 2,
  'data encipherment': 3,
  'key agreement': 4,
  'cert sign': 5,
  'crl sign': 6,
  'encipher only': 7,
  'decipher only': 8,
} as const;

/** cert-manager's names of the extended key usages (RFC 5280 4.2.1.12, and those of older products). */
export const extendedKeyUsageOIDs = {
  any: '2.5.29.37.0',
  'server auth': '1.3.6.1.5.5.7.3.1',
  'client auth': '1.3.6.1.5.5.7.3.2',
  'code signing': '1.3.6.1.5.5.7.3.3',
  'email protection': '1.3.6.1.5.5.7.3.4',
  'ipsec end system': '1.3.6.1.5.5.7.3.5',
  'ipsec tunnel': '1.3.6.1.5.5.7.3.6',
  'ipsec user': '1.3.6.1.5.5.7.3.7',
  timestamping: '1.3.6.1.5.5.7.3.8',
  'ocsp signing': '1.3.6.1.5.5.7.3.9',
  'microsoft sgc': '1.3.6.1.4.1.311.10.3.3',
  'netscape sgc': '2.16.840.1.113730.4.1',
} as const;

export type KeyUsage = keyof typeof keyUsageBits;
export type ExtendedKeyUsage = keyof typeof extendedKeyUsageOIDs;

/** The 23 values of `usages` in a Certificate: all of the above and two second names. */
export type Usage = KeyUsage | ExtendedKeyUsage | 'signing' | 's/mime';

export interface Usages {
  readonly keyUsages: readonly KeyUsage[];
  /** Names, or dotted identifiers of usages that have none. */
  readonly extendedKeyUsages: readonly string[];
}

const keyUsageNames = Object.keys(keyUsageBits) as KeyUsage[];
const extendedNames: ReadonlyMap<string, ExtendedKeyUsage> = new Map(
  Object.entries(extendedKeyUsageOIDs).map(([name, dotted]) => [dotted, name as ExtendedKeyUsage]),
);
const aliases: Readonly<Record<string, KeyUsage | ExtendedKeyUsage>> = {
  signing: 'digital signature',
  's/mime': 'email protection',
};

/** All values that `usages` may hold. */
export const usageNames: readonly Usage[] = [...keyUsageNames, ...extendedNames.values(), 'signing', 's/mime'];

/** cert-manager's default when `usages` is left out. */
export const defaultUsages: readonly Usage[] = ['digital signature', 'key encipherment'];

/** `digital signature` for `signing`, `email protection` for `s/mime`, any other as it is. */
export function canonicalUsage(usage: string): string {
  return aliases[usage] ?? usage;
}

/**
 * Splits `usages` into both extensions, as cert-manager does: none given means the default, `isCA` adds `cert sign`.
 * Unknown values are left out; the schema of Certificate knows the 23. Key usages come in bit order.
 */
export function splitUsages(usages: readonly string[], isCA: boolean): Usages {
  const wanted = new Set((usages.length === 0 ? defaultUsages : usages).map(canonicalUsage));
  if (isCA) wanted.add('cert sign');
  return {
    keyUsages: keyUsageNames.filter((name) => wanted.has(name)),
    extendedKeyUsages: [...wanted].filter((name) => Object.hasOwn(extendedKeyUsageOIDs, name)),
  };
}

/** Critical, as RFC 5280 4.2.1.3 asks for. */
export function keyUsageExtension(usages: readonly KeyUsage[]): Extension {
  return { oid: extensionOIDs.keyUsage, critical: true, value: namedBits(usages.map((usage) => keyUsageBits[usage])) };
}

export function parseKeyUsage(value: Uint8Array): KeyUsage[] {
  const bits = readNamedBits(parseDER(value), 'key usage');
  return keyUsageNames.filter((name) => bits.includes(keyUsageBits[name]));
}

const encodedOIDs = new Map(Object.entries(extendedKeyUsageOIDs).map(([name, dotted]) => [name, oid(dotted)]));

/** Never critical. `usages` are names or dotted identifiers. */
export function extendedKeyUsageExtension(usages: readonly string[]): Extension {
  const value = sequence(...usages.map((usage) => encodedOIDs.get(usage) ?? oid(usage)));
  return { oid: extensionOIDs.extendedKeyUsage, critical: false, value };
}

/** Names where there are any, else dotted identifiers. */
export function parseExtendedKeyUsage(value: Uint8Array): string[] {
  const element = parseDER(value).expect(Tag.sequence, 'extended key usage');
  const usages = element.children().map((usage) => readOID(usage, 'extended key usage'));
  if (usages.length === 0) throw malformedDER('extended key usage is empty', element.start);
  return usages.map((dotted) => extendedNames.get(dotted) ?? dotted);
}

rememberOIDs(extendedNames.keys());
