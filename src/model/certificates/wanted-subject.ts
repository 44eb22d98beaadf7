import { nameFromSubject, parseLiteralSubject } from '#pki/x509';
import type { Name } from '#pki/x509';
import type { CertificateSpec } from '#model/resources';

/** The subject that the spec asks for: the literal one as it is written, or the common name and the subject's fields. */
export function wantedSubject(spec: CertificateSpec): Name {
  if (spec.literalSubject) return parseLiteralSubject(spec.literalSubject);
  const { commonName, subject = {} } = spec;
  return nameFromSubject({ ...subject, ...(commonName === undefined ? {} : { commonName }) });
}
