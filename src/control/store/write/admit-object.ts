import { CodedError } from '#errors';
import {
  causesOf,
  dnsLabelProblems,
  dnsSubdomainProblems,
  formatFieldErrors,
  validateMetadata,
  validateMetadataUpdate,
} from '#model/objects';
import type { Draft, FieldError, KubeObject } from '#model/objects';
import type { AdmissionContext } from '#model/resources';
import { forbidden } from '../failures.ts';
import { isNamespaceKind } from './namespace-rules.ts';
import type { WriteContext } from './plan.ts';

/**
 * Lets the kind complete the draft, then checks it whole: metadata, schema, and, once those hold, the kind's own rules.
 * Fails with invalid, naming every broken field, and with forbidden.
 */
export function admitObject(context: WriteContext, next: Draft, previous: KubeObject | undefined): KubeObject {
  const { kind } = context.prepared;
  const admission = admissionOf(context);
  const admitted = (kind.admit?.(next, previous, admission) ?? next) as KubeObject;
  const errors = formErrors(context, admitted, previous);
  if (errors.length === 0) guardChange(context, admitted, previous);
  if (errors.length === 0 && kind.validate !== undefined) errors.push(...kind.validate(admitted, previous, admission));
  if (errors.length > 0) throw invalid(context, admitted.metadata.name, errors);
  if (context.options.subresource === undefined) warnOf(context, admitted);
  return admitted;
}

/** Fails with forbidden when the kind does not let this user make the change; `next` is undefined for a deletion. */
export function guardChange(
  context: WriteContext,
  next: KubeObject | undefined,
  previous: KubeObject | undefined,
): void {
  const { kind } = context.prepared;
  const reason = kind.guard?.(next, previous, admissionOf(context));
  if (reason !== undefined) throw forbidden(kind, (next ?? previous!).metadata.name, reason);
}

function warnOf(context: WriteContext, object: KubeObject): void {
  const { prepared, options, warn } = context;
  if (options.onWarning === undefined) return;
  for (const warning of prepared.kind.warnings?.(object, admissionOf(context)) ?? []) warn(warning);
}

/** The failure that lists broken fields. */
export function invalid({ prepared }: WriteContext, name: string, errors: readonly FieldError[]): CodedError {
  const { group, kind } = prepared.kind;
  return new CodedError('invalid', formatFieldErrors({ group, kind, name }, errors), {
    field: errors[0]!.field,
    causes: causesOf(errors),
  });
}

/** The rules of metadata presume its form, so they wait until the schema holds there. */
function formErrors(context: WriteContext, next: KubeObject, previous: KubeObject | undefined): FieldError[] {
  const errors = context.prepared.compiled.validate(next);
  if (next.metadata === previous?.metadata || errors.some(({ field }) => field.startsWith('metadata'))) return errors;
  const { kind } = context.prepared;
  const nameProblems = isNamespaceKind(kind) ? dnsLabelProblems : dnsSubdomainProblems;
  const ofMetadata = validateMetadata(next.metadata, { namespaced: kind.namespaced, nameProblems });
  const ofChange = previous === undefined ? [] : validateMetadataUpdate(next.metadata, previous.metadata);
  return [...ofMetadata, ...ofChange, ...errors];
}

function admissionOf({ now, options }: WriteContext): AdmissionContext {
  const { user, subresource } = options;
  return subresource === undefined ? { now, user } : { now, user, subresource };
}
