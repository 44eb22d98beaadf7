import { deepEqual } from '#model/objects';
import type { FieldError } from '#model/objects';
import type { CertificateRequest } from '../certificate-request.ts';
import { validateApproval } from './approval.ts';
import { base64Problem, isBase64 } from './base64.ts';
import { forbidden, invalid, required } from './field-errors.ts';
import { durationErrors } from './go-durations.ts';
import { validateIssuerRef } from './issuer-ref.ts';
import { signingRequestProblem } from './signing-request.ts';

/** Every rule of the CertificateRequest that `next` breaks. The spec is judged once: afterwards it cannot change. */
export function validateCertificateRequest(
  next: CertificateRequest,
  previous: CertificateRequest | undefined,
): FieldError[] {
  const approval = validateApproval(next.status?.conditions ?? [], previous?.status?.conditions ?? []);
  return previous === undefined
    ? [...validateSpec(next.spec), ...approval]
    : [...validateUpdate(next, previous), ...approval];
}

function validateSpec(spec: CertificateRequest['spec']): FieldError[] {
  return [
    ...validateIssuerRef(spec.issuerRef, 'spec.issuerRef'),
    ...validateRequest(spec),
    ...durationErrors(spec.duration, 'spec.duration'),
  ];
}

function validateRequest(spec: CertificateRequest['spec']): FieldError[] {
  const { request } = spec;
  if (request === '') return [required('spec.request', 'must be specified')];
  const problem = isBase64(request) ? signingRequestProblem(spec) : base64Problem(request);
  return problem === undefined ? [] : [invalid('spec.request', `${request.slice(0, 64)}...`, problem)];
}

function validateUpdate(next: CertificateRequest, previous: CertificateRequest): FieldError[] {
  const keys = new Set([...certManagerAnnotations(next), ...certManagerAnnotations(previous)]);
  const changed = [...keys].filter((key) => next.metadata.annotations?.[key] !== previous.metadata.annotations?.[key]);
  return [
    ...changed.map((key) =>
      forbidden(`metadata.annotations.${key}`, 'cannot change cert-manager annotation after creation'),
    ),
    ...(deepEqual(next.spec, previous.spec) ? [] : [forbidden('spec', 'cannot change spec after creation')]),
  ];
}

/** As in cert-manager this is a prefix of the key, without the slash. */
function certManagerAnnotations({ metadata }: CertificateRequest): string[] {
  const groups = ['cert-manager.io', 'acme.cert-manager.io'];
  return Object.keys(metadata.annotations ?? {}).filter((key) => groups.some((group) => key.startsWith(group)));
}
