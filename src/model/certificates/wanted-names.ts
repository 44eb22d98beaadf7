import { generalNames, groupAltNames } from '#pki/x509';
import type { SubjectAltNames } from '#pki/x509';
import type { CertificateSpec } from '#model/resources';

/** The alternative names that the spec asks for, in their normal spelling. The common name is not among them. */
export function wantedNames(spec: CertificateSpec): SubjectAltNames {
  return groupAltNames(generalNames(namesOfSpec(spec)));
}

/** The alternative names as the spec writes them. */
export function namesOfSpec(spec: CertificateSpec): Partial<SubjectAltNames> {
  const { dnsNames = [], emailAddresses = [], ipAddresses = [], uris = [] } = spec;
  const otherNames = (spec.otherNames ?? []).map(({ oid = '', utf8Value = '' }) => ({ oid, utf8Value }));
  return { dnsNames, emailAddresses, ipAddresses, uris, otherNames };
}
