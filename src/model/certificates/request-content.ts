import {
  encodeName,
  extendedKeyUsageExtension,
  generalNames,
  keyUsageExtension,
  nameConstraintsExtension,
  noSubtrees,
  splitUsages,
  subjectAltNameExtension,
} from '#pki/x509';
import type { Extension, NameSubtrees, RequestContent } from '#pki/x509';
import type { CertificateSpec } from '#model/resources';
import { namesOfSpec } from './wanted-names.ts';
import { wantedSubject } from './wanted-subject.ts';

/**
 * What the signing request for the spec says: subject, alternative names, usages unless they are to be left out, name
 * constraints. Fails with name-malformed for names that no certificate can hold.
 */
export function requestContent(spec: CertificateSpec): RequestContent {
  const subject = wantedSubject(spec);
  const { signatureAlgorithm } = spec;
  return {
    subject: encodeName(subject),
    extensions: [...altNames(spec, subject.length === 0), ...usages(spec), ...constraints(spec)],
    ...(signatureAlgorithm === undefined ? {} : { signatureAlgorithm }),
  };
}

function altNames(spec: CertificateSpec, subjectIsEmpty: boolean): Extension[] {
  const names = generalNames(namesOfSpec(spec));
  return names.length === 0 ? [] : [subjectAltNameExtension(names, subjectIsEmpty)];
}

function usages(spec: CertificateSpec): Extension[] {
  if (spec.encodeUsagesInRequest === false) return [];
  const { keyUsages, extendedKeyUsages } = splitUsages(spec.usages ?? [], spec.isCA ?? false);
  const extensions = keyUsages.length === 0 ? [] : [keyUsageExtension(keyUsages)];
  return extendedKeyUsages.length === 0 ? extensions : [...extensions, extendedKeyUsageExtension(extendedKeyUsages)];
}

function constraints({ nameConstraints }: CertificateSpec): Extension[] {
  if (nameConstraints === undefined) return [];
  const { critical = false, permitted, excluded } = nameConstraints;
  return [nameConstraintsExtension({ critical, permitted: subtrees(permitted), excluded: subtrees(excluded) })];
}

function subtrees(names: Partial<NameSubtrees> = {}): NameSubtrees {
  return { ...noSubtrees, ...names };
}
