import { CodedError } from '#errors';
import {
  DERCursor,
  Tag,
  constructedTag,
  contextTag,
  encode,
  ia5String,
  malformedDER,
  parseDER,
  readIA5,
  sequence,
} from '../der/index.ts';
import type { DERElement } from '../der/index.ts';
import { encodeName, readName } from '../names/name.ts';
import type { Name } from '../names/name.ts';
import type { Extension } from './extension.ts';
import { formatIPRange, parseIPRange } from './ip-range.ts';
import { extensionOIDs } from './oids.ts';

/** Subtrees by type of name, in cert-manager's words. */
export interface NameSubtrees {
  readonly dnsDomains: readonly string[];
  readonly emailAddresses: readonly string[];
  /** CIDR. */
  readonly ipRanges: readonly string[];
  readonly uriDomains: readonly string[];
  readonly directoryNames: readonly Name[];
  /** Types of subtrees that are not understood: a certificate below with names of any such type must be refused. */
  readonly unknown: readonly number[];
}

export interface NameConstraints {
  readonly critical: boolean;
  readonly permitted: NameSubtrees;
  readonly excluded: NameSubtrees;
}

export const noSubtrees: NameSubtrees = {
  dnsDomains: [],
  emailAddresses: [],
  ipRanges: [],
  uriDomains: [],
  directoryNames: [],
  unknown: [],
};

const emailTag = contextTag(1);
const dnsTag = contextTag(2);
const directoryTag = constructedTag(4);
const uriTag = contextTag(6);
const ipTag = contextTag(7);

/** Name constraints (RFC 5280 4.2.1.10). Fails with name-malformed for a range that is not CIDR. */
export function nameConstraintsExtension({ critical, permitted, excluded }: NameConstraints): Extension {
  const value = sequence(...encodeSubtrees(0, permitted), ...encodeSubtrees(1, excluded));
  return { oid: extensionOIDs.nameConstraints, critical, value };
}

export function parseNameConstraints({ critical, value }: Extension): NameConstraints {
  const fields = new DERCursor(parseDER(value).expect(Tag.sequence, 'name constraints'));
  const permitted = fields.optional(constructedTag(0));
  const excluded = fields.optional(constructedTag(1));
  fields.finish('name constraints');
  return { critical, permitted: readSubtrees(permitted), excluded: readSubtrees(excluded) };
}

function encodeSubtrees(number: number, subtrees: NameSubtrees): Uint8Array[] {
  const bases = [
    ...subtrees.dnsDomains.map((domain) => ia5String(domain, dnsTag)),
    ...subtrees.ipRanges.map((range) => encode(ipTag, rangeOctets(range))),
    ...subtrees.emailAddresses.map((address) => ia5String(address, emailTag)),
    ...subtrees.uriDomains.map((domain) => ia5String(domain, uriTag)),
    ...subtrees.directoryNames.map((name) => encode(directoryTag, encodeName(name))),
  ];
  return bases.length === 0 ? [] : [encode(constructedTag(number), ...bases.map((base) => sequence(base)))];
}

function rangeOctets(range: string): Uint8Array {
  const octets = parseIPRange(range);
  if (octets === undefined) throw new CodedError('name-malformed', `"${range}" is not a CIDR range`);
  return octets;
}

function readSubtrees(element: DERElement | undefined): NameSubtrees {
  const bases = element?.children().map(readBase) ?? [];
  const texts = (tag: number): string[] =>
    bases.filter((base) => base.tag === tag).map((base) => readIA5(base, 'name constraint'));
  const known = [emailTag, dnsTag, directoryTag, uriTag, ipTag];
  return {
    dnsDomains: texts(dnsTag),
    emailAddresses: texts(emailTag),
    ipRanges: bases.filter((base) => base.tag === ipTag).map(readRange),
    uriDomains: texts(uriTag),
    directoryNames: bases.filter((base) => base.tag === directoryTag).map(readDirectory),
    unknown: bases.map((base) => base.tag).filter((tag) => !known.includes(tag)),
  };
}

/** GeneralSubtree; minimum is 0 and maximum absent in this profile (RFC 5280 4.2.1.10). */
function readBase(element: DERElement): DERElement {
  const fields = new DERCursor(element.expect(Tag.sequence, 'name constraint'));
  const base = fields.next();
  if (!fields.done) throw malformedDER('name constraint has a minimum or maximum', element.start);
  return base;
}

function readRange(element: DERElement): string {
  const range = formatIPRange(element.content);
  if (range === undefined) throw malformedDER('name constraint: bad IP range', element.start);
  return range;
}

function readDirectory(element: DERElement): Name {
  const fields = new DERCursor(element);
  const name = readName(fields.next(), 'name constraint');
  fields.finish('name constraint');
  return name;
}
