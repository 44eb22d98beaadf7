import { dnsSubdomainProblems } from '#model/objects';
import type { FieldError } from '#model/objects';
import type { TrustBundle, TrustBundleFormat } from '../trust-bundle.ts';
import { duplicate, forbidden, invalid, invalidFor, required } from './field-errors.ts';
import { keyProblems } from './keyed-values.ts';
import { validateSecretRef } from './object-refs.ts';

const mostFormats = 10;

/** The rules of where a TrustBundle is written. */
export function validateBundleTarget(bundle: TrustBundle): FieldError[] {
  const { target } = bundle.spec;
  if (target === undefined) return [];
  const { secretName, configMapName, formats = [] } = target;
  const both = secretName !== undefined && configMapName !== undefined;
  return [
    ...nameErrors(secretName, 'spec.target.secretName'),
    ...nameErrors(configMapName, 'spec.target.configMapName'),
    ...(both ? [forbidden('spec.target.configMapName', 'cannot be set together with secretName')] : []),
    ...sourceErrors(bundle),
    ...(target.formats?.length === 0 ? [required('spec.target.formats', 'name a file, or leave the list out')] : []),
    ...(formats.length > mostFormats
      ? [forbidden('spec.target.formats', `at most ${mostFormats} files are allowed`)]
      : formats.flatMap((format, index) => formatErrors(bundle, format, index))),
  ];
}

function nameErrors(name: string | undefined, field: string): FieldError[] {
  return name === undefined ? [] : invalidFor(field, name, dnsSubdomainProblems(name));
}

/** What is written must not be what it was read from, or the bundle would feed itself. */
function sourceErrors({ metadata, spec: { target, sources } }: TrustBundle): FieldError[] {
  const { secretName } = target ?? {};
  const isOwn = (namespace: string | undefined) => (namespace || metadata.namespace) === metadata.namespace;
  const at = sources.findIndex(({ secretRef }) => secretRef?.name === secretName && isOwn(secretRef?.namespace));
  if (secretName === undefined || at < 0) return [];
  return [invalid('spec.target.secretName', secretName, `it is a source (spec.sources[${at}]); write to another one`)];
}

function formatErrors({ metadata, spec }: TrustBundle, one: TrustBundleFormat, index: number): FieldError[] {
  const path = `spec.target.formats[${index}]`;
  const { format, key, passwordRef } = one;
  const isRepeated = (spec.target?.formats ?? []).findIndex((other) => other.key === key) < index;
  return [
    ...invalidFor(`${path}.key`, key, keyProblems(key)),
    ...(isRepeated ? [duplicate(`${path}.key`, key)] : []),
    ...passwordErrors(format, passwordRef, path),
    ...validateSecretRef(metadata, passwordRef, `${path}.passwordRef`),
  ];
}

/** Containers need a password, PEM has no use for one. */
export function passwordErrors(format: string, passwordRef: object | undefined, path: string): FieldError[] {
  const field = `${path}.passwordRef`;
  if (format !== 'pem' && passwordRef === undefined) {
    return [required(field, `a file of format ${format} has a password; name the Secret that holds it`)];
  }
  return format === 'pem' && passwordRef !== undefined ? [forbidden(field, 'PEM has no password; leave it out')] : [];
}
