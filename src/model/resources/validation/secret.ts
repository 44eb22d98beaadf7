import type { FieldError } from '#model/objects';
import type { Secret } from '../secret.ts';
import { base64Bytes, base64Problem, isBase64 } from './base64.ts';
import { sameValues } from './config-map.ts';
import { errorLimit, invalid, required } from './field-errors.ts';
import { validateImmutable, validateKey, validateSize } from './keyed-values.ts';
import { validateTypedKeys } from './secret-types.ts';

/** Every rule of the Secret that `next` breaks. No value ever shows in the answer. */
export function validateSecret(next: Secret, previous: Secret | undefined): FieldError[] {
  const entries = Object.entries(next.data ?? {});
  const malformed = entries.filter(([, value]) => !isBase64(value));
  const errors = [
    ...entries.flatMap(([key]) => validateKey('data', key)),
    ...malformed.map(([key, value]) => invalid(`data[${key}]`, key, base64Problem(value))),
    ...(malformed.length > 0
      ? []
      : validateSize(
          'data',
          entries.reduce((sum, [, value]) => sum + base64Bytes(value), 0),
        )),
    ...validateType(next, previous),
    ...validateTypedKeys(next),
    ...validateImmutable(next, previous, ['data'], sameValues),
  ];
  return errors.slice(0, errorLimit);
}

function validateType({ type = '' }: Secret, previous: Secret | undefined): FieldError[] {
  if (type === '') return [required('type', '')];
  return previous === undefined || previous.type === type ? [] : [invalid('type', type, 'field is immutable')];
}
