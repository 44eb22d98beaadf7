import type { FieldError } from '../field-error.ts';
import type { ObjectMeta } from '../object.ts';
import { validateFinalizers } from './validate-finalizers.ts';
import {
  annotationKeyProblems,
  dnsLabelProblems,
  dnsSubdomainProblems,
  labelValueProblems,
  qualifiedNameProblems,
} from './names.ts';
import { validateOwners } from './validate-owners.ts';

/** What all keys and values of `metadata.annotations` may add up to, in UTF-8 bytes. */
export const annotationsLimitBytes = 256 * 1024;

type NameRule = (name: string) => string[];

export interface MetadataRules {
  readonly namespaced: boolean;
  /** How names of the kind are checked; by default as DNS subdomains. Namespaces take `dnsLabelProblems`. */
  readonly nameProblems?: NameRule;
}

/** The rules of ObjectMeta for an object about to be stored (apimachinery's ValidateObjectMeta), with its texts. */
export function validateMetadata(metadata: Partial<ObjectMeta>, rules: MetadataRules): FieldError[] {
  return [
    ...validateName(metadata, rules.nameProblems ?? dnsSubdomainProblems),
    ...validateNamespace(metadata.namespace ?? '', rules.namespaced),
    ...validateLabels(metadata.labels ?? {}),
    ...validateAnnotations(metadata.annotations ?? {}),
    ...validateOwners(metadata.ownerReferences ?? []),
    ...validateFinalizers(metadata.finalizers ?? []),
  ];
}

function invalid(field: string, value: string, problems: readonly string[]): FieldError[] {
  return problems.map((detail) => ({ type: 'FieldValueInvalid', field, value, detail }));
}

function validateName({ name = '', generateName = '' }: Partial<ObjectMeta>, problems: NameRule): FieldError[] {
  const field = 'metadata.name';
  if (name === '') return [{ type: 'FieldValueRequired', field, detail: 'name or generateName is required' }];
  const prefix = generateName.replace(/[-.]+$/, '');
  const generated = prefix === '' ? [] : invalid('metadata.generateName', generateName, problems(prefix));
  return [...generated, ...invalid(field, name, problems(name))];
}

function validateNamespace(namespace: string, namespaced: boolean): FieldError[] {
  const field = 'metadata.namespace';
  if (!namespaced) {
    return namespace === '' ? [] : [{ type: 'FieldValueForbidden', field, detail: 'not allowed on this type' }];
  }
  if (namespace === '') return [{ type: 'FieldValueRequired', field, detail: '' }];
  return invalid(field, namespace, dnsLabelProblems(namespace));
}

function validateLabels(labels: Readonly<Record<string, string>>): FieldError[] {
  return Object.entries(labels).flatMap(([key, value]) => validateLabel(key, value));
}

function validateLabel(key: string, value: string): FieldError[] {
  const field = 'metadata.labels';
  return [...invalid(field, key, qualifiedNameProblems(key)), ...invalid(field, value, labelValueProblems(value))];
}

function validateAnnotations(annotations: Readonly<Record<string, string>>): FieldError[] {
  const field = 'metadata.annotations';
  const errors = Object.keys(annotations).flatMap((key) => invalid(field, key, annotationKeyProblems(key)));
  if (sizeOf(annotations) <= annotationsLimitBytes) return errors;
  return [
    ...errors,
    { type: 'FieldValueTooLong', field, detail: `may not be more than ${annotationsLimitBytes} bytes` },
  ];
}

function sizeOf(annotations: Readonly<Record<string, string>>): number {
  let bytes = 0;
  for (const [key, value] of Object.entries(annotations)) bytes += Buffer.byteLength(key) + Buffer.byteLength(value);
  return bytes;
}

const immutable = [
  'name',
  'namespace',
  'uid',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
] as const;

/** What an update may not change (apimachinery's ValidateObjectMetaUpdate), beyond the rules of `validateMetadata`. */
export function validateMetadataUpdate(next: Partial<ObjectMeta>, previous: ObjectMeta): FieldError[] {
  const changed = immutable.filter((name) => next[name] !== previous[name]);
  return [...changed.map((name) => isImmutable(name, next[name])), ...addedFinalizers(next, previous)];
}

function isImmutable(name: string, value: string | number | undefined): FieldError {
  return { type: 'FieldValueInvalid', field: `metadata.${name}`, value: value ?? null, detail: 'field is immutable' };
}

function addedFinalizers(next: Partial<ObjectMeta>, previous: ObjectMeta): FieldError[] {
  if (previous.deletionTimestamp === undefined) return [];
  const before = new Set(previous.finalizers);
  const added = (next.finalizers ?? []).filter((finalizer) => !before.has(finalizer));
  if (added.length === 0) return [];
  const names = `[]string{${added.map((name) => JSON.stringify(name)).join(', ')}}`;
  const detail = `no new finalizers can be added if the object is being deleted, found new finalizers ${names}`;
  return [{ type: 'FieldValueForbidden', field: 'metadata.finalizers', detail }];
}
