import { deepEqual } from '#model/objects';
import type { FieldError } from '#model/objects';
import type { ConfigMap } from '../config-map.ts';
import { base64Bytes, base64Problem, isBase64 } from './base64.ts';
import { errorLimit, invalid } from './field-errors.ts';
import { validateImmutable, validateKey, validateSize } from './keyed-values.ts';

/** Every rule of the ConfigMap that `next` breaks. */
export function validateConfigMap(next: ConfigMap, previous: ConfigMap | undefined): FieldError[] {
  const { data = {}, binaryData = {} } = next;
  const errors = [
    ...Object.keys(data).flatMap((key) => validateKey('data', key)),
    ...Object.entries(binaryData).flatMap(([key, value]) => binaryErrors(key, value, data)),
    ...validateSize('', sizeOf(data, binaryData)),
    ...validateImmutable(next, previous, ['data', 'binaryData'], sameValues),
  ];
  return errors.slice(0, errorLimit);
}

export const sameValues = (a: unknown, b: unknown): boolean => deepEqual(a ?? {}, b ?? {});

function binaryErrors(key: string, value: string, data: Record<string, string>): FieldError[] {
  const errors = validateKey('binaryData', key);
  if (Object.hasOwn(data, key)) errors.push(invalid(`binaryData[${key}]`, key, 'duplicate of key present in data'));
  if (!isBase64(value)) errors.push(invalid(`binaryData[${key}]`, key, base64Problem(value)));
  return errors;
}

function sizeOf(data: Record<string, string>, binaryData: Record<string, string>): number {
  const texts = Object.values(data).reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  return Object.values(binaryData).reduce((sum, text) => sum + base64Bytes(text), texts);
}
