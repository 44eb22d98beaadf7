import type { FieldError, Json } from '#model/objects';

export const required = (field: string, detail: string): FieldError => ({ type: 'FieldValueRequired', field, detail });

export const invalid = (field: string, value: Json, detail: string): FieldError => ({
  type: 'FieldValueInvalid',
  field,
  value,
  detail,
});

export const forbidden = (field: string, detail: string): FieldError => ({
  type: 'FieldValueForbidden',
  field,
  detail,
});

export const duplicate = (field: string, value: Json): FieldError => ({
  type: 'FieldValueDuplicate',
  field,
  value,
  detail: '',
});

export const tooLong = (field: string, limitBytes: number): FieldError => ({
  type: 'FieldValueTooLong',
  field,
  detail: `may not be more than ${limitBytes} bytes`,
});

export const notSupported = (field: string, value: Json, supported: readonly string[]): FieldError => ({
  type: 'FieldValueNotSupported',
  field,
  value,
  detail: `supported values: ${supported.map((one) => JSON.stringify(one)).join(', ')}`,
});

/**
 * Most errors that are told of one object. A hostile object could earn a million, and the answer would be many times
 * its size.
 */
export const errorLimit = 64;

/** One `Invalid value` for each of the problems. */
export const invalidFor = (field: string, value: Json, problems: readonly string[]): FieldError[] =>
  problems.map((problem) => invalid(field, value, problem));
