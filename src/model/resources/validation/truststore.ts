import type { FieldError } from '#model/objects';
import { truststoreOrigins } from '../keystore-origins.ts';
import type { AdmissionContext } from '../kind.ts';
import type { Truststore, TruststoreSource } from '../truststore.ts';
import { errorLimit, forbidden, invalid, required } from './field-errors.ts';
import { findingText, graveFindings, mildFindings } from './material-reading.ts';
import { validateRef, validateSecretRef } from './object-refs.ts';
import { validateOneOf } from './one-of.ts';
import { notShown, readUploadedText } from './upload-reading.ts';

const mostSources = 100;

/**
 * Every rule that the Truststore breaks. Texts are read only when they are new: what has expired since must not keep its
 * labels from being changed.
 */
export function validateTruststore(
  next: Truststore,
  previous: Truststore | undefined,
  { now, subresource }: AdmissionContext,
): FieldError[] {
  if (subresource !== undefined) return [];
  const { sources } = next.spec;
  if (sources.length === 0) return [required('spec.sources', 'name at least one source of certificates')];
  if (sources.length > mostSources) {
    return [forbidden('spec.sources', `at most ${mostSources} sources are allowed; put certificates together`)];
  }
  const known = textsOf(previous);
  const errors = sources.flatMap((source, index) => validateSource(next, source, `spec.sources[${index}]`));
  const fresh = sources.flatMap(({ certificates }, index) =>
    certificates === undefined || known.has(certificates)
      ? []
      : validateText(certificates, `spec.sources[${index}]`, now),
  );
  return [...errors, ...fresh].slice(0, errorLimit);
}

const textsOf = (truststore: Truststore | undefined): ReadonlySet<string> =>
  new Set((truststore?.spec.sources ?? []).flatMap(({ certificates }) => certificates ?? []));

function validateSource({ metadata }: Truststore, source: TruststoreSource, path: string): FieldError[] {
  const { secretRef, passwordRef, truststoreRef } = source;
  const isItself =
    truststoreRef?.name === metadata.name && (truststoreRef.namespace || metadata.namespace) === metadata.namespace;
  const isUseless = passwordRef !== undefined && secretRef === undefined;
  return [
    ...validateOneOf(source, truststoreOrigins, path),
    ...validateSecretRef(metadata, secretRef, `${path}.secretRef`),
    ...validateSecretRef(metadata, passwordRef, `${path}.passwordRef`),
    ...validateRef(metadata, source.certificateRef, `${path}.certificateRef`),
    ...validateRef(metadata, source.trustBundleRef, `${path}.trustBundleRef`),
    ...validateRef(metadata, truststoreRef, `${path}.truststoreRef`),
    ...validateRef(metadata, source.keystoreRef, `${path}.keystoreRef`),
    ...(isItself
      ? [invalid(`${path}.truststoreRef.name`, metadata.name, 'a Truststore cannot be made from itself')]
      : []),
    ...(isUseless ? [forbidden(`${path}.passwordRef`, 'only a file in secretRef has a password; leave it out')] : []),
  ];
}

function validateText(certificates: string, path: string, now: Date): FieldError[] {
  const field = `${path}.certificates`;
  const reading = readUploadedText(certificates, now);
  if ('problem' in reading) return [invalid(field, notShown, reading.problem)];
  return graveFindings(reading.material.findings).map((finding) => invalid(field, notShown, findingText(finding)));
}

/** What should be known of the certificates in the Truststore's own texts. */
export const warnOfTruststore = ({ spec }: Truststore, now: Date): string[] =>
  spec.sources.flatMap(({ certificates }, index) => {
    if (certificates === undefined) return [];
    const reading = readUploadedText(certificates, now);
    if ('problem' in reading) return [];
    return mildFindings(reading.material.findings).map(
      (finding) => `spec.sources[${index}].certificates: ${findingText(finding)}`,
    );
  });
