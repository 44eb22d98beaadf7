import type { Json } from './object.ts';

/** Kubernetes' field error types; the text of each is what kubectl prints. */
export const fieldErrorTexts = {
  FieldValueRequired: 'Required value',
  FieldValueInvalid: 'Invalid value',
  FieldValueTypeInvalid: 'Invalid value',
  FieldValueNotSupported: 'Unsupported value',
  FieldValueForbidden: 'Forbidden',
  FieldValueDuplicate: 'Duplicate value',
  FieldValueTooLong: 'Too long',
  FieldValueTooMany: 'Too many',
  FieldValueNotFound: 'Not found',
} as const;

export type FieldErrorType = keyof typeof fieldErrorTexts;

/** One broken rule of one field. */
export interface FieldError {
  readonly type: FieldErrorType;
  /** `spec.dnsNames[2]`, `metadata.annotations[a.b/c]` */
  readonly field: string;
  /** The offending value; left out of the text for Required, Forbidden and TooLong. Never key material. */
  readonly value?: Json;
  readonly detail: string;
}

/** An entry of `details.causes` in a Status. */
export interface FieldErrorCause {
  readonly reason: FieldErrorType;
  readonly message: string;
  readonly field: string;
}

const withoutValue: ReadonlySet<FieldErrorType> = new Set([
  'FieldValueRequired',
  'FieldValueForbidden',
  'FieldValueTooLong',
]);

/** `spec.secretName: Required value: must be specified` */
export function fieldErrorText(error: FieldError): string {
  return `${error.field}: ${bodyOf(error)}`;
}

function bodyOf(error: FieldError): string {
  const parts: string[] = [fieldErrorTexts[error.type]];
  if (!withoutValue.has(error.type) && error.value !== undefined) parts.push(printed(error.value));
  if (error.detail !== '') parts.push(error.detail);
  return parts.join(': ');
}

/** Strings quoted, everything else as JSON. */
function printed(value: Json): string {
  return JSON.stringify(value);
}

/** `details.causes` of the Status that reports `errors`. */
export function causesOf(errors: readonly FieldError[]): FieldErrorCause[] {
  return errors.map((error) => ({ reason: error.type, message: bodyOf(error), field: error.field }));
}

/**
 * The message of an Invalid status: `Certificate.cert-manager.io "x" is invalid: spec.secretName: Required value`, or
 * with all errors in brackets, each once, when there are several. An empty group (core) leaves out the dot.
 */
export function formatFieldErrors(
  subject: { readonly group: string; readonly kind: string; readonly name: string },
  errors: readonly FieldError[],
): string {
  const kind = subject.group === '' ? subject.kind : `${subject.kind}.${subject.group}`;
  const texts = [...new Set(errors.map(fieldErrorText))];
  const all = texts.length === 1 ? texts[0] : `[${texts.join(', ')}]`;
  return `${kind} ${JSON.stringify(subject.name)} is invalid: ${all}`;
}
