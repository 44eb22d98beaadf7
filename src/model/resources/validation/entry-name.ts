import type { FieldError } from '#model/objects';
import { invalid } from './field-errors.ts';

/** What is wrong with the name of an entry of a Workload: an instance, a listener, what is presented or trusted. */
export function entryNameErrors(name: string, field: string): FieldError[] {
  if (/^[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$/.test(name)) return [];
  const rule = 'write 1 to 63 letters, digits, "-", "_" and ".", with a letter or digit at both ends';
  return [invalid(field, name.slice(0, 200), rule)];
}
