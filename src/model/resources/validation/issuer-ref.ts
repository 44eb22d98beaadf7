import type { FieldError } from '#model/objects';
import { invalid, required } from './field-errors.ts';

/** An issuer of the own group is an Issuer or a ClusterIssuer; the kinds of other groups are theirs. */
export function validateIssuerRef(ref: { name: string; kind?: string; group?: string }, path: string): FieldError[] {
  const errors = ref.name === '' ? [required(`${path}.name`, 'must be specified')] : [];
  const { kind = '', group = '' } = ref;
  if (!['', 'cert-manager.io'].includes(group) || ['', 'Issuer', 'ClusterIssuer'].includes(kind)) return errors;
  const hint = group === '' ? ` (did you forget to set ${path}.kind.group?)` : '';
  return [...errors, invalid(`${path}.kind`, kind, `must be one of Issuer or ClusterIssuer${hint}`)];
}
