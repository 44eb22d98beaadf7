import { attributeKeys, nameAttributes, subjectKeys } from '#pki/x509';
import type { Certificate as X509 } from '#pki/x509';
import { leafOf } from './material.ts';
import { annotation } from './names.ts';

const subjectAnnotations: readonly (readonly [string, string | undefined])[] = [
  [annotation.subjectOrganizations, subjectKeys['O']],
  [annotation.subjectOrganizationalUnits, subjectKeys['OU']],
  [annotation.subjectCountries, subjectKeys['C']],
  [annotation.subjectProvinces, subjectKeys['ST']],
  [annotation.subjectLocalities, subjectKeys['L']],
  [annotation.subjectPostalCodes, attributeKeys['postalCode']],
  [annotation.subjectStreetAddresses, subjectKeys['STREET']],
  [annotation.subjectSerialNumber, subjectKeys['SERIALNUMBER']],
];

/**
 * What the Secret's annotations say of the certificate in it. Common name and alternative names are said even when they
 * are empty, as cert-manager does; the rest only when there is something to say.
 */
export function x509Annotations(chainBase64: string): Record<string, string> {
  const leaf = leafOf(chainBase64);
  if (leaf === undefined) return {};
  const { dnsNames, ipAddresses, uris, emailAddresses } = leaf.subjectAltNames;
  return {
    [annotation.commonName]: leaf.commonName ?? '',
    [annotation.altNames]: csvLine(dnsNames),
    [annotation.ipSans]: ipAddresses.join(','),
    [annotation.uriSans]: csvLine(uris),
    ...(emailAddresses.length === 0 ? {} : { [annotation.emailSans]: csvLine(emailAddresses) }),
    ...subjectParts(leaf),
  };
}

function subjectParts(leaf: X509): Record<string, string> {
  const parts: Record<string, string> = {};
  for (const [key, type] of subjectAnnotations) {
    const values = nameAttributes(leaf.subject, type!);
    if (values.length > 0) parts[key] = csvLine(values);
  }
  return parts;
}

/** One line of CSV (RFC 4180): values with commas, quotes, line ends or a leading space are quoted. */
function csvLine(values: readonly string[]): string {
  return values.map((value) => (/[",\r\n]|^\s/.test(value) ? `"${value.replaceAll('"', '""')}"` : value)).join(',');
}
