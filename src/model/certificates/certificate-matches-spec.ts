import type { Certificate as X509 } from '#pki/x509';
import type { CertificateSpec } from '#model/resources';
import { sameMembers } from './members.ts';
import { wantedNames } from './wanted-names.ts';

/**
 * Fields of the spec that a certificate does not show, judged leniently, for when its request is not known: issuers
 * may move the common name into the alternative names, and add what they like elsewhere.
 */
export function certificateMismatches(certificate: X509, spec: CertificateSpec): string[] {
  const wanted = wantedNames(spec);
  const names = certificate.subjectAltNames;
  const fields: string[] = [];
  if (!sameCommonAndDNSNames(certificate, spec)) fields.push('spec.commonName', 'spec.dnsNames');
  if (!sameMembers(names.ipAddresses, wanted.ipAddresses)) fields.push('spec.ipAddresses');
  if (!sameMembers(names.uris, wanted.uris)) fields.push('spec.uris');
  if (!sameMembers(names.emailAddresses, wanted.emailAddresses)) fields.push('spec.emailAddresses');
  return fields;
}

/** Common name and DNS names count together: what matters is that each wanted one is there, and no other. */
function sameCommonAndDNSNames(certificate: X509, spec: CertificateSpec): boolean {
  const shown = new Set([certificate.commonName ?? '', ...certificate.subjectAltNames.dnsNames]);
  const wanted = new Set([spec.commonName ?? '', ...(spec.dnsNames ?? [])]);
  shown.delete('');
  wanted.delete('');
  return sameMembers([...shown], [...wanted]);
}
