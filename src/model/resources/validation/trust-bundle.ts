import type { FieldError } from '#model/objects';
import { trustBundleOrigins } from '../keystore-origins.ts';
import type { AdmissionContext } from '../kind.ts';
import type { TrustBundle, TrustBundleSource } from '../trust-bundle.ts';
import { duplicate, errorLimit, forbidden, invalid, required } from './field-errors.ts';
import { findingText, graveFindings, mildFindings } from './material-reading.ts';
import { validateRef, validateSecretRef } from './object-refs.ts';
import { validateOneOf } from './one-of.ts';
import { validateBundleTarget } from './trust-bundle-target.ts';
import { notShown, readUploadedText } from './upload-reading.ts';

const mostSources = 100;
const mostForgotten = 500;

/**
 * Every rule that the TrustBundle breaks. Texts are read only when they are new: what has expired since must not keep its
 * labels from being changed.
 */
export function validateTrustBundle(
  next: TrustBundle,
  previous: TrustBundle | undefined,
  { now, subresource }: AdmissionContext,
): FieldError[] {
  if (subresource !== undefined) return [];
  return [
    ...validateSources(next, previous, now),
    ...validateBundleTarget(next),
    ...validateForget(next.spec.forget ?? []),
  ].slice(0, errorLimit);
}

function validateSources(next: TrustBundle, previous: TrustBundle | undefined, now: Date): FieldError[] {
  const { sources } = next.spec;
  if (sources.length === 0) return [required('spec.sources', 'name at least one source of certificates')];
  if (sources.length > mostSources) {
    return [forbidden('spec.sources', `at most ${mostSources} sources are allowed; put certificates together`)];
  }
  const known = new Set((previous?.spec.sources ?? []).flatMap(({ certificates }) => certificates ?? []));
  return sources.flatMap((source, index) => {
    const path = `spec.sources[${index}]`;
    const { certificates } = source;
    const isFresh = certificates !== undefined && !known.has(certificates);
    return validateSource(next, source, path).concat(isFresh ? validateText(certificates, path, now) : []);
  });
}

function validateSource({ metadata }: TrustBundle, source: TrustBundleSource, path: string): FieldError[] {
  const { secretRef, passwordRef, trustBundleRef } = source;
  const isItself =
    trustBundleRef?.name === metadata.name && (trustBundleRef.namespace || metadata.namespace) === metadata.namespace;
  const isUseless = passwordRef !== undefined && secretRef === undefined;
  return [
    ...validateOneOf(source, trustBundleOrigins, path),
    ...validateSecretRef(metadata, secretRef, `${path}.secretRef`),
    ...validateSecretRef(metadata, passwordRef, `${path}.passwordRef`),
    ...validateRef(metadata, source.certificateRef, `${path}.certificateRef`),
    ...validateRef(metadata, source.truststoreRef, `${path}.truststoreRef`),
    ...validateRef(metadata, trustBundleRef, `${path}.trustBundleRef`),
    ...(isItself
      ? [invalid(`${path}.trustBundleRef.name`, metadata.name, 'a TrustBundle cannot be made from itself')]
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

function validateForget(fingerprints: readonly string[]): FieldError[] {
  if (fingerprints.length > mostForgotten) {
    return [forbidden('spec.forget', `at most ${mostForgotten} are allowed; leave out what is gone already`)];
  }
  return fingerprints.flatMap((fingerprint, index) => {
    const field = `spec.forget[${index}]`;
    if (fingerprints.indexOf(fingerprint) < index) return [duplicate(field, fingerprint)];
    if (/^[0-9a-f]{64}$/.test(fingerprint)) return [];
    const detail = 'write the SHA-256 as 64 lower-case hexadecimal digits, as status.anchors does';
    return [invalid(field, fingerprint.slice(0, 200), detail)];
  });
}

/** What should be known of the certificates in the bundle's own texts, and of what is to be forgotten. */
export function warnOfTrustBundle({ spec, status }: TrustBundle, now: Date): string[] {
  const ofTexts = spec.sources.flatMap(({ certificates }, index) => {
    if (certificates === undefined) return [];
    const reading = readUploadedText(certificates, now);
    if ('problem' in reading) return [];
    return mildFindings(reading.material.findings).map(
      (finding) => `spec.sources[${index}].certificates: ${findingText(finding)}`,
    );
  });
  const ofForgotten = (status?.anchors ?? [])
    .filter(({ fingerprint, state }) => state === 'current' && spec.forget?.includes(fingerprint))
    .map(({ subject }) => `spec.forget: ${subject} is not trusted any more, though a source still gives it`);
  return [...ofTexts, ...ofForgotten];
}
