import { CodedError } from '#errors';
import type { FieldError } from '#model/objects';
import { parseGoDuration } from '../go-duration.ts';
import { invalid } from './field-errors.ts';

/** What is wrong with the text of a duration, and how to write it. */
export function durationErrors(text: string | undefined, field: string): FieldError[] {
  if (text === undefined) return [];
  try {
    parseGoDuration(text);
    return [];
  } catch (error) {
    if (!(error instanceof CodedError)) throw error;
    return [invalid(field, text, `${error.message}; write hours, minutes and seconds, such as 2160h or 1h30m`)];
  }
}
