import {
  DERCursor,
  Tag,
  constructedTag,
  encode,
  ia5String,
  contextTag,
  oid,
  parseDER,
  readOID,
  rememberOIDs,
  sequence,
} from '../der/index.ts';
import type { DERElement } from '../der/index.ts';
import type { Extension } from './extension.ts';
import { readGeneralName, readGeneralNames } from './general-name.ts';
import type { GeneralName } from './general-name.ts';
import { extensionOIDs } from './oids.ts';

/** Where OCSP answers and the issuer's certificate are found. */
export interface AuthorityInfoAccess {
  readonly ocspServers: readonly string[];
  readonly issuingCertificateURLs: readonly string[];
}

const ocspMethod = '1.3.6.1.5.5.7.48.1';
const issuersMethod = '1.3.6.1.5.5.7.48.2';
const encodedMethods = { ocsp: oid(ocspMethod), issuers: oid(issuersMethod) };
const uriTag = contextTag(6);

rememberOIDs([ocspMethod, issuersMethod]);

/** CRL distribution points (RFC 5280 4.2.1.13), one point for each URL. */
export function crlDistributionPointsExtension(urls: readonly string[]): Extension {
  const points = urls.map((url) =>
    sequence(encode(constructedTag(0), encode(constructedTag(0), ia5String(url, uriTag)))),
  );
  return { oid: extensionOIDs.crlDistributionPoints, critical: false, value: sequence(...points) };
}

/** The URLs among the full names of all points. */
export function parseCRLDistributionPoints(value: Uint8Array): string[] {
  const points = parseDER(value).expect(Tag.sequence, 'CRL distribution points').children();
  return points.flatMap(readFullNames).flatMap(uriOf);
}

/** Authority information access (RFC 5280 4.2.2.1), OCSP first. */
export function authorityInfoAccessExtension(access: AuthorityInfoAccess): Extension {
  const descriptions = [
    ...access.ocspServers.map((url) => sequence(encodedMethods.ocsp, ia5String(url, uriTag))),
    ...access.issuingCertificateURLs.map((url) => sequence(encodedMethods.issuers, ia5String(url, uriTag))),
  ];
  return { oid: extensionOIDs.authorityInfoAccess, critical: false, value: sequence(...descriptions) };
}

export function parseAuthorityInfoAccess(value: Uint8Array): AuthorityInfoAccess {
  const descriptions = parseDER(value).expect(Tag.sequence, 'authority information access').children();
  const entries = descriptions.map(readDescription);
  const urlsOf = (method: string): string[] =>
    entries.filter((entry) => entry.method === method).flatMap((entry) => uriOf(entry.location));
  return { ocspServers: urlsOf(ocspMethod), issuingCertificateURLs: urlsOf(issuersMethod) };
}

function readDescription(element: DERElement): { method: string; location: GeneralName } {
  const fields = new DERCursor(element.expect(Tag.sequence, 'access description'));
  const method = readOID(fields.next(), 'access method');
  const location = readGeneralName(fields.next(), 'access location');
  fields.finish('access description');
  return { method, location };
}

function readFullNames(point: DERElement): GeneralName[] {
  const name = new DERCursor(point.expect(Tag.sequence, 'distribution point')).optional(constructedTag(0));
  const fullName = name === undefined ? undefined : new DERCursor(name).optional(constructedTag(0));
  return fullName === undefined ? [] : readGeneralNames(fullName, 'distribution point');
}

function uriOf(name: GeneralName): string[] {
  return name.type === 'uri' ? [name.value] : [];
}
