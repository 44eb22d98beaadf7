import {
  annotationKeyProblems,
  annotationsLimitBytes,
  labelValueProblems,
  qualifiedNameProblems,
} from '#model/objects';
import type { FieldError } from '#model/objects';
import { certManagerKeys } from '../annotations.ts';
import type { CertificateSpec } from '../certificate-spec.ts';
import { duplicate, forbidden, invalid, invalidFor, tooLong } from './field-errors.ts';

/** The rules of what else goes into the Secret: labels, annotations, formats, keystores. */
export const validateOutputs = (spec: CertificateSpec): FieldError[] => [
  ...validateLabels(spec.secretTemplate?.labels ?? {}),
  ...validateAnnotations(spec.secretTemplate?.annotations ?? {}),
  ...validateFormats(spec.additionalOutputFormats ?? []),
  ...validateKeystore(spec, 'jks', 'JKS'),
  ...validateKeystore(spec, 'pkcs12', 'PKCS#12'),
];

function validateLabels(labels: Record<string, string>): FieldError[] {
  const path = 'spec.secretTemplate.labels';
  const keys = Object.keys(labels).flatMap((key) => invalidFor(path, key, qualifiedNameProblems(key)));
  return [...keys, ...Object.values(labels).flatMap((value) => invalidFor(path, value, labelValueProblems(value)))];
}

function validateAnnotations(annotations: Record<string, string>): FieldError[] {
  const path = 'spec.secretTemplate.annotations';
  const keys = Object.keys(annotations);
  const reserved = keys.filter(
    (key) => key.startsWith('cert-manager.io/') && key !== certManagerKeys.allowDirectInjection,
  );
  const size = Object.entries(annotations).reduce((sum, [key, value]) => sum + Buffer.byteLength(key + value), 0);
  return [
    ...reserved.map((key) => invalid(path, key, 'cert-manager.io/* annotations are not allowed')),
    ...keys.flatMap((key) => invalidFor(path, key, annotationKeyProblems(key))),
    ...(size > annotationsLimitBytes ? [tooLong(path, annotationsLimitBytes)] : []),
  ];
}

function validateFormats(formats: readonly { type: string }[]): FieldError[] {
  const types = formats.map(({ type }) => type);
  return types
    .filter((type, index) => types.indexOf(type) < index)
    .map((type) => duplicate('spec.additionalOutputFormats[type]', type));
}

/** A keystore's password comes from one place. The odd wording of the second rule is cert-manager's. */
function validateKeystore({ keystores }: CertificateSpec, field: 'jks' | 'pkcs12', name: string): FieldError[] {
  const keystore = keystores?.[field];
  if (keystore === undefined) return [];
  const path = `spec.keystores.${field}`;
  const { password, passwordSecretRef } = keystore;
  const isReferred = Boolean(passwordSecretRef?.name);
  const errors: FieldError[] = [];
  if (password !== undefined && isReferred) {
    const detail = `exactly one of passwordSecretRef and password must be provided for ${name} keystores; cannot set both`;
    errors.push(forbidden(path, detail));
  }
  if (password === undefined && !isReferred) {
    errors.push(forbidden(path, `must set exactly one of passwordSecretRef and password must for ${name} keystores`));
  }
  if (password === '') {
    errors.push(forbidden(`${path}.password`, `literal password cannot be empty if set on ${name} keystores`));
  }
  return errors;
}
