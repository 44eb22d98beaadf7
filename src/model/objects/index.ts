/**
 * Kubernetes-shaped objects as values: metadata, patches, server-side apply, selectors, table cells. Knows no kind, no
 * store and no transport; every function is pure.
 */
export type { Condition, Draft, Json, KubeObject, ManagedFieldsEntry, ObjectMeta, OwnerReference } from './object.ts';
export { fieldErrorTexts } from './field-error.ts';
export type { FieldError, FieldErrorType } from './field-error.ts';
