import { attributeKeys, canonicalUsage, encodeName, nameAttribute, nameAttributes, subjectKeys } from '#pki/x509';
import type { CertificateSigningRequest, OtherName } from '#pki/x509';
import type { CertificateRequest, CertificateSpec } from '#model/resources';
import { sameGoDuration } from '#model/resources';
import { sameIssuer } from './issuer-ref.ts';
import { PairMemo } from './pair-memo.ts';
import { readRequest } from './material.ts';
import { sameMembers } from './members.ts';
import { wantedNames } from './wanted-names.ts';
import { wantedSubject } from './wanted-subject.ts';

/**
 * Fields of the spec that a request was not made with, in cert-manager's order and spelling. What is not compared does
 * not cause a new certificate: renewal, templates, keystores, outputs, encoding, rotation policy, name constraints.
 */
export function requestMismatches(request: CertificateRequest, spec: CertificateSpec): readonly string[] {
  return compared.get(request.spec, spec, () => compare(request, spec));
}

/** Several policies of one decision compare the same two. */
const compared = new PairMemo<CertificateRequest['spec'], CertificateSpec, readonly string[]>();

function compare(request: CertificateRequest, spec: CertificateSpec): string[] {
  const csr = readRequest(request.spec.request);
  if (!csr.ok) return ['spec.request'];
  return [...nameMismatches(csr.value, spec), ...subjectMismatches(csr.value, spec), ...fieldMismatches(request, spec)];
}

function nameMismatches(csr: CertificateSigningRequest, spec: CertificateSpec): string[] {
  const wanted = wantedNames(spec);
  return named({
    'spec.ipAddresses': sameMembers(csr.subjectAltNames.ipAddresses, wanted.ipAddresses),
    'spec.uris': sameMembers(csr.subjectAltNames.uris, wanted.uris),
    'spec.emailAddresses': sameMembers(csr.subjectAltNames.emailAddresses, wanted.emailAddresses),
    'spec.dnsNames': sameMembers(csr.subjectAltNames.dnsNames, wanted.dnsNames),
    'spec.otherNames': sameMembers(csr.subjectAltNames.otherNames.map(otherText), wanted.otherNames.map(otherText)),
  });
}

function otherText({ oid, utf8Value }: OtherName): string {
  return `${oid}=${utf8Value}`;
}

function subjectMismatches(csr: CertificateSigningRequest, spec: CertificateSpec): string[] {
  if (spec.literalSubject) {
    const same = Buffer.compare(csr.rawSubject, encodeName(wantedSubject(spec))) === 0;
    return named({ 'spec.literalSubject': same });
  }
  const subject = spec.subject ?? {};
  const all = (type: string | undefined): string[] => nameAttributes(csr.subject, type!);
  const one = (type: string | undefined): string => nameAttribute(csr.subject, type!) ?? '';
  return named({
    'spec.commonName': one(subjectKeys['CN']) === (spec.commonName ?? ''),
    'spec.subject.serialNumber': one(subjectKeys['SERIALNUMBER']) === (subject.serialNumber ?? ''),
    'spec.subject.organizations': sameMembers(all(subjectKeys['O']), subject.organizations),
    'spec.subject.countries': sameMembers(all(subjectKeys['C']), subject.countries),
    'spec.subject.localities': sameMembers(all(subjectKeys['L']), subject.localities),
    'spec.subject.organizationalUnits': sameMembers(all(subjectKeys['OU']), subject.organizationalUnits),
    // cert-manager's own spelling of postalCodes.
    'spec.subject.postCodes': sameMembers(all(attributeKeys['postalCode']), subject.postalCodes),
    'spec.subject.provinces': sameMembers(all(subjectKeys['ST']), subject.provinces),
    'spec.subject.streetAddresses': sameMembers(all(subjectKeys['STREET']), subject.streetAddresses),
  });
}

function fieldMismatches({ spec: asked }: CertificateRequest, spec: CertificateSpec): string[] {
  const durations = [asked.duration, spec.duration];
  return named({
    'spec.isCA': (asked.isCA ?? false) === (spec.isCA ?? false),
    'spec.usages': sameMembers(asked.usages?.map(canonicalUsage), spec.usages?.map(canonicalUsage)),
    'spec.duration': durations.includes(undefined) || sameGoDuration(asked.duration, spec.duration),
    'spec.issuerRef': sameIssuer(asked.issuerRef, spec.issuerRef),
  });
}

/** The fields that are not the same. */
function named(same: Readonly<Record<string, boolean>>): string[] {
  return Object.keys(same).filter((field) => same[field] === false);
}
