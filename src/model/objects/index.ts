/**
 * Kubernetes-shaped objects as values: metadata, patches, server-side apply, selectors, table cells. Knows no kind, no
 * store and no transport; every function is pure: the clock and randomness are arguments. Invariants: what comes in is
 * never changed, what goes out may share parts with it; a failure changes nothing.
 */
export type { Condition, Draft, Json, KubeObject, ManagedFieldsEntry, ObjectMeta, OwnerReference } from './object.ts';
export { causesOf, fieldErrorText, formatFieldErrors } from './field-error.ts';
export type { FieldError, FieldErrorCause, FieldErrorType } from './field-error.ts';

export { compileFieldSchema } from './fields/field-schema.ts';
export type { FieldSchema } from './fields/schema-nodes.ts';
export { applyServerSide } from './apply/apply-server-side.ts';
export { recordUpdate } from './apply/record-update.ts';
export { conflictCauses, formatConflicts } from './apply/conflicts.ts';
export type { ApplyOutcome, ApplyRequest, FieldConflict, UpdateRequest, WriteBy } from './apply/requests.ts';

export { applyJsonPatch } from './patch/json-patch.ts';
export { applyMergePatch } from './patch/merge-patch.ts';
export { mergePatchOf } from './patch/merge-patch-of.ts';
export { applyStrategicMergePatch } from './patch/strategic-merge-patch.ts';

export { parseLabelSelector } from './select/parse-label-selector.ts';
export { matchesLabels } from './select/label-selector.ts';
export type { LabelRequirement, LabelSelector } from './select/label-selector.ts';
export { matchesFields, parseFieldSelector } from './select/field-selector.ts';
export type { FieldRequirement, FieldSelector } from './select/field-selector.ts';

export { compileCell } from './table/cell.ts';
export type { Cell, CellColumn } from './table/cell.ts';

export { generateName } from './metadata/generate-name.ts';
export { annotationsLimitBytes, validateMetadata, validateMetadataUpdate } from './metadata/validate-metadata.ts';
export {
  annotationKeyProblems,
  dnsLabelProblems,
  dnsSubdomainProblems,
  labelValueProblems,
  qualifiedNameProblems,
} from './metadata/names.ts';

export { conditionOf, isConditionTrue, removeCondition, setCondition } from './values/conditions.ts';
export type { ConditionUpdate } from './values/conditions.ts';
export { deepEqual, equalIgnoringManagedFieldTimes } from './values/json-values.ts';
export { controllerOf, isOwnedBy, ownerReferenceTo } from './values/owners.ts';
export { formatTimestamp } from './values/timestamps.ts';
