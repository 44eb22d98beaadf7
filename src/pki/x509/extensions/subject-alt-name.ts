import { CodedError } from '#errors';
import { parseDER, Tag } from '../der/index.ts';
import { encodeGeneralNames, readGeneralNames } from './general-name.ts';
import type { GeneralName } from './general-name.ts';
import type { Extension } from './extension.ts';
import { formatIP, parseIPShort } from './ip.ts';
import { extensionOIDs } from './oids.ts';

export interface OtherName {
  readonly oid: string;
  readonly utf8Value: string;
}

/** Subject alternative names by type, in cert-manager's words. */
export interface SubjectAltNames {
  readonly dnsNames: readonly string[];
  readonly emailAddresses: readonly string[];
  /** RFC 5952 text. */
  readonly ipAddresses: readonly string[];
  readonly uris: readonly string[];
  readonly otherNames: readonly OtherName[];
}

/**
 * The names in the order cert-manager writes them: DNS, email, IP, URI, other. IPv4 addresses take 4 octets however they
 * were written. Fails with name-malformed for a text that is no IP address.
 */
export function generalNames(names: Partial<SubjectAltNames>): GeneralName[] {
  return [
    ...plain('dns', names.dnsNames),
    ...plain('email', names.emailAddresses),
    ...plain('ip', names.ipAddresses?.map(normalIP)),
    ...plain('uri', names.uris),
    ...(names.otherNames ?? []).map(({ oid, utf8Value }) => ({ type: 'other', oid, utf8Value }) as const),
  ];
}

/** Names sorted into their types; directory names, registered IDs and binary other names are left out. */
export function groupAltNames(names: readonly GeneralName[]): SubjectAltNames {
  return {
    dnsNames: valuesOf(names, 'dns'),
    emailAddresses: valuesOf(names, 'email'),
    ipAddresses: valuesOf(names, 'ip').map(normalIP),
    uris: valuesOf(names, 'uri'),
    otherNames: names.flatMap((name) =>
      name.type === 'other' && name.utf8Value !== undefined ? [{ oid: name.oid, utf8Value: name.utf8Value }] : [],
    ),
  };
}

/** The extension; critical exactly when the subject is empty (RFC 5280 4.2.1.6). */
export function subjectAltNameExtension(names: readonly GeneralName[], critical: boolean): Extension {
  return { oid: extensionOIDs.subjectAltName, critical, value: encodeGeneralNames(names) };
}

export function parseSubjectAltName(value: Uint8Array): GeneralName[] {
  return readGeneralNames(parseDER(value).expect(Tag.sequence, 'subject alternative name'), 'subject alternative name');
}

function plain(type: 'dns' | 'email' | 'ip' | 'uri', values: readonly string[] = []): GeneralName[] {
  return values.map((value) => ({ type, value }));
}

function valuesOf(names: readonly GeneralName[], type: 'dns' | 'email' | 'ip' | 'uri'): string[] {
  return names.flatMap((name) => (name.type === type ? [name.value] : []));
}

function normalIP(text: string): string {
  const octets = parseIPShort(text);
  if (octets === undefined) throw new CodedError('name-malformed', `"${text}" is not an IP address`);
  return formatIP(octets)!;
}
