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
