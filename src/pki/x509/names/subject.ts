import { Tag } from '../der/index.ts';
import { isHexValue } from './name.ts';
import type { Name, NameAttribute, RDN } from './name.ts';
import { attributeKeys, subjectKeys } from './attributes.ts';

/** The fields of cert-manager's `spec.subject`, and `spec.commonName`. */
export interface SubjectFields {
  readonly commonName?: string;
  readonly countries?: readonly string[];
  readonly organizations?: readonly string[];
  readonly organizationalUnits?: readonly string[];
  readonly localities?: readonly string[];
  readonly provinces?: readonly string[];
  readonly streetAddresses?: readonly string[];
  readonly postalCodes?: readonly string[];
  readonly serialNumber?: string;
}

/**
 * The name of these fields in the order of Go's `pkix.Name.ToRDNSequence` (Go 1.26), which cert-manager encodes with: C,
 * ST, L, street, postal code, O, OU, CN, serial number. All values of one field share one RDN, as they do there; empty
 * fields are left out.
 */
export function nameFromSubject(subject: SubjectFields): Name {
  const rdns = [
    rdnOf(subjectKeys['C']!, subject.countries),
    rdnOf(subjectKeys['ST']!, subject.provinces),
    rdnOf(subjectKeys['L']!, subject.localities),
    rdnOf(subjectKeys['STREET']!, subject.streetAddresses),
    rdnOf(attributeKeys['postalCode']!, subject.postalCodes),
    rdnOf(subjectKeys['O']!, subject.organizations),
    rdnOf(subjectKeys['OU']!, subject.organizationalUnits),
    rdnOf(subjectKeys['CN']!, single(subject.commonName)),
    rdnOf(subjectKeys['SERIALNUMBER']!, single(subject.serialNumber)),
  ];
  return rdns.filter((rdn) => rdn.length > 0);
}

function rdnOf(type: string, values: readonly string[] = []): RDN {
  return values.map((value) => attributeOf(type, value));
}

/** These fields are texts: one that looks like the `#` form of RFC 4514 is not read as DER. */
function attributeOf(type: string, value: string): NameAttribute {
  return isHexValue(value) ? { type, value, tag: Tag.utf8String } : { type, value };
}

function single(value: string | undefined): string[] {
  return value === undefined || value === '' ? [] : [value];
}
