import { deepEqual, formatTimestamp } from '#model/objects';
import type { FieldError } from '#model/objects';
import { arrangeChain, forbiddenHost } from '#pki/material';
import type { TruststoreMaterial } from '#pki/material';
import type { EndpointCertificate } from '../endpoint-certificate.ts';
import { readEndpoint } from '../endpoint.ts';
import type { AdmissionContext } from '../kind.ts';
import { errorLimit, invalid, required } from './field-errors.ts';
import { readMaterial } from './material-reading.ts';
import { notShown, readUploadedText } from './upload-reading.ts';

type Spec = EndpointCertificate['spec'];

const field = 'spec.certificate';
const longestAlias = 64;

/**
 * Every rule that the EndpointCertificate breaks. The certificate is judged only with a new spec: what has expired since
 * must not keep its labels from being changed.
 */
export function validateEndpointCertificate(
  { spec }: EndpointCertificate,
  previous: EndpointCertificate | undefined,
  { now, subresource }: AdmissionContext,
): FieldError[] {
  if (subresource !== undefined || deepEqual(spec, previous?.spec)) return [];
  return [...validateAlias(spec), ...validateEndpoint(spec), ...validateCertificate(spec, now)].slice(0, errorLimit);
}

function validateAlias({ alias }: Spec): FieldError[] {
  if (alias.trim() === '') return [required('spec.alias', 'give the certificate a name')];
  const length = Array.from(alias).length;
  if (length > longestAlias) {
    return [
      invalid('spec.alias', alias.slice(0, 100), `it has ${length} characters; at most ${longestAlias} are allowed`),
    ];
  }
  return /\p{Cc}/u.test(alias) ? [invalid('spec.alias', alias, 'control characters are not allowed in it')] : [];
}

function validateEndpoint({ endpoint }: Spec): FieldError[] {
  const read = readEndpoint(endpoint);
  return 'problem' in read ? [invalid('spec.endpoint', endpoint, read.problem)] : [];
}

function validateCertificate(spec: Spec, now: Date): FieldError[] {
  if (spec.certificate.trim() === '') return [required(field, 'paste the certificate as PEM, or a file in base64')];
  const reading = readUploadedText(spec.certificate, now);
  if ('problem' in reading) return [invalid(field, notShown, reading.problem)];
  return [...chainErrors(reading.material, spec, now), ...excludedErrors(reading.material, spec)];
}

/** Certificates that sign each other in a circle, chains that are too long, and what has expired. */
function chainErrors({ certificates }: TruststoreMaterial, { allowExpired }: Spec, now: Date): FieldError[] {
  const arranged = readMaterial(() =>
    arrangeChain(
      certificates.map(({ certificate }) => certificate),
      now,
    ),
  );
  if ('problem' in arranged) return [invalid(field, notShown, arranged.problem)];
  const end = arranged.material?.chain[0]?.notAfter;
  if (end === undefined || now <= end || allowExpired === true) return [];
  const expired = `it expired at ${formatTimestamp(end)}; set allowExpired to take it nevertheless`;
  return [invalid(field, notShown, expired)];
}

/** A certificate whose name constraints leave out the endpoint can never vouch for it. */
function excludedErrors({ certificates }: TruststoreMaterial, { endpoint }: Spec): FieldError[] {
  const read = readEndpoint(endpoint);
  if ('problem' in read) return [];
  return certificates.flatMap(({ certificate, isCA }) => {
    const reason = isCA ? forbiddenHost(certificate, read.host) : undefined;
    if (reason === undefined) return [];
    return [invalid('spec.endpoint', endpoint, `a certificate of the chain excludes it: ${reason}`)];
  });
}
