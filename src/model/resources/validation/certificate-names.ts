import { CodedError } from '#errors';
import { dnsSubdomainProblems } from '#model/objects';
import type { FieldError } from '#model/objects';
import { commonNameOID, nameAttributes, parseLiteralSubject, unknownSubjectKeys } from '#pki/x509';
import type { CertificateSpec } from '../certificate-spec.ts';
import { invalid, invalidFor, required, tooLong } from './field-errors.ts';
import { emailProblem } from './email.ts';
import { isAddress } from './ip.ts';

const longestCommonName = 64;

export function validateSecretName({ secretName }: CertificateSpec): FieldError[] {
  if (secretName === '') return [required('spec.secretName', 'must be specified')];
  return invalidFor('spec.secretName', secretName, dnsSubdomainProblems(secretName));
}

/** The rules of subject and alternative names. */
export function validateNames(spec: CertificateSpec): FieldError[] {
  const literal = literalSubject(spec);
  const commonName = literal.commonName ?? spec.commonName ?? '';
  return [
    ...literal.errors,
    ...validateIdentity(spec, commonName),
    ...(Buffer.byteLength(commonName) > longestCommonName ? [tooLong('spec.commonName', longestCommonName)] : []),
    ...validateAlternativeNames(spec),
  ];
}

/** Stands for the CN of a subject that has other faults, which would otherwise be told as a missing name as well. */
const unread = '?';

function literalSubject(spec: CertificateSpec): { errors: FieldError[]; commonName?: string } {
  const text = spec.literalSubject;
  if (text === undefined || text === '') return { errors: [] };
  const errors = literalSubjectConflicts(spec);
  try {
    const unknown = unknownSubjectKeys(text).map((key) =>
      invalid(
        'spec.literalSubject',
        text,
        `Literal subject contains unrecognized key with value [${valueOf(text, key)}]`,
      ),
    );
    if (unknown.length > 0) return { errors: [...errors, ...unknown], commonName: unread };
    const commonName = nameAttributes(parseLiteralSubject(text), commonNameOID).at(-1);
    return commonName === undefined ? { errors } : { errors, commonName };
  } catch (error) {
    if (!(error instanceof CodedError)) throw error;
    return { errors: [...errors, invalid('spec.literalSubject', text, error.message)] };
  }
}

/** The value given to an attribute type in RFC 4514 text, as written. */
function valueOf(text: string, key: string): string {
  const attributes = text.split(/[,;+]/).map((attribute) => attribute.trim());
  return attributes.find((attribute) => attribute.startsWith(key))?.replace(/^[^=]*=\s*/, '') ?? key;
}

const withLiteralSubject = (what: string) => `When providing a \`LiteralSubject\` no ${what} may be provided.`;

function literalSubjectConflicts({ commonName, subject = {} }: CertificateSpec): FieldError[] {
  const errors: FieldError[] = [];
  if (commonName) errors.push(invalid('spec.commonName', commonName, withLiteralSubject('`commonName`')));
  if (Object.values(subject).some((part) => part.length > 0)) {
    errors.push(invalid('spec.subject', subject, withLiteralSubject('`Subject` properties')));
  }
  return errors;
}

function validateIdentity(spec: CertificateSpec, commonName: string): FieldError[] {
  const { dnsNames = [], uris = [], emailAddresses = [], ipAddresses = [], otherNames = [] } = spec;
  const names = dnsNames.length + uris.length + emailAddresses.length + ipAddresses.length + otherNames.length;
  if (commonName !== '' || names > 0) return [];
  const detail =
    'at least one of commonName (from the commonName field or from a literalSubject), dnsNames, emailSANs, ipAddresses, otherNames, or uriSANs must be set';
  return [invalid('spec', '', detail)];
}

function validateAlternativeNames(spec: CertificateSpec): FieldError[] {
  const addresses = (spec.ipAddresses ?? []).map((address, index) =>
    isAddress(address) ? [] : [invalid(`spec.ipAddresses[${index}]`, address, 'invalid IP address')],
  );
  const emails = (spec.emailAddresses ?? []).map((email, index) => {
    const problem = emailProblem(email);
    return problem === undefined ? [] : [invalid(`spec.emailAddresses[${index}]`, email, problem)];
  });
  return [...addresses, ...emails, ...(spec.otherNames ?? []).map(otherNameErrors)].flat();
}

function otherNameErrors(
  { oid = '', utf8Value = '' }: { oid?: string; utf8Value?: string },
  index: number,
): FieldError[] {
  const path = `spec.otherNames[${index}]`;
  const errors: FieldError[] = [];
  if (oid === '') errors.push(required(`${path}.oid`, 'must be specified'));
  if (!isObjectIdentifier(oid)) errors.push(invalid(`${path}.oid`, oid, 'invalid oid syntax'));
  if (utf8Value === '' || !utf8Value.isWellFormed()) {
    errors.push(required(`${path}.utf8Value`, 'must be set to a valid non-empty UTF8 string'));
  }
  return errors;
}

/** Dotted numbers whose first two can be encoded (X.660: 0 to 2, and below 40 after 0 and 1). */
function isObjectIdentifier(text: string): boolean {
  if (text.length > 256 || !/^[0-2](\.(0|[1-9]\d{0,30}))+$/.test(text)) return false;
  const [first, second] = text.split('.').map(Number) as [number, number];
  return first === 2 || second < 40;
}
