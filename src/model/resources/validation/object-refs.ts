import { dnsLabelProblems, dnsSubdomainProblems } from '#model/objects';
import type { FieldError } from '#model/objects';
import type { ObjectRef, SecretFileRef } from '../fields/tls-references.ts';
import { systemNamespace } from '../system.ts';
import { forbidden, invalidFor, required } from './field-errors.ts';
import { keyProblems } from './keyed-values.ts';

/** Whose object it is that names others. */
interface Owner {
  readonly namespace?: string;
}

/** A reference stays in its namespace, unless it is one of the installation's own objects. */
export const validateRef = (owner: Owner, ref: ObjectRef | undefined, path: string): FieldError[] =>
  ref === undefined ? [] : [...validateName(ref, path), ...validateReach(owner, ref, path, [])];

/** A reference to a profile, which may also be one of the installation's own. */
export const validateProfileRef = (owner: Owner, ref: ObjectRef | undefined, path: string): FieldError[] =>
  ref === undefined ? [] : [...validateName(ref, path), ...validateReach(owner, ref, path, [systemNamespace])];

/** A reference to one key of a Secret. */
export function validateSecretRef(owner: Owner, ref: SecretFileRef | undefined, path: string): FieldError[] {
  if (ref === undefined) return [];
  return [...validateRef(owner, ref, path), ...(ref.key === undefined ? [] : keyErrors(ref.key, path))];
}

const keyErrors = (key: string, path: string): FieldError[] => invalidFor(`${path}.key`, key, keyProblems(key));

function validateName({ name }: ObjectRef, path: string): FieldError[] {
  if (name === '') return [required(`${path}.name`, 'must be specified')];
  return invalidFor(`${path}.name`, name, dnsSubdomainProblems(name));
}

function validateReach(owner: Owner, ref: ObjectRef, path: string, also: readonly string[]): FieldError[] {
  const { namespace = '' } = ref;
  if (namespace === '') return [];
  const problems = invalidFor(`${path}.namespace`, namespace, dnsLabelProblems(namespace));
  if (problems.length > 0 || owner.namespace === systemNamespace) return problems;
  if (namespace === owner.namespace || also.includes(namespace)) return [];
  const reach = [`its own namespace${owner.namespace === undefined ? '' : ` (${owner.namespace})`}`, ...also].join(
    ' or ',
  );
  return [forbidden(`${path}.namespace`, `an object can name only what is in ${reach}; leave the namespace out`)];
}
