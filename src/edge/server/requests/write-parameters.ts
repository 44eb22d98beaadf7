import type { FieldError } from '#model/objects';
import type { WriteOptions } from '#control/store';
import { parameters as names } from '#edge/api';
import type { ResourceCall } from './call.ts';
import { invalidOptions } from './invalid-options.ts';
import { booleanOf, choiceOf, forbiddenField, notSupported } from './parameters.ts';

const validations = ['Strict', 'Warn', 'Ignore'] as const;

/** `fieldValidation` when the client does not say: Kubernetes' default since 1.27. */
const defaultValidation = 'Warn';

/** Options of create, update and patch. Fails with invalid. */
export function writeOptionsOf(call: ResourceCall, optionsKind: 'CreateOptions' | 'UpdateOptions'): WriteOptions {
  const errors: FieldError[] = [];
  const options = readWriteOptions(call, errors);
  if (errors.length > 0) throw invalidOptions(optionsKind, errors);
  return options;
}

/** The same for a patch, where `force` belongs to apply alone and apply needs a manager's name. */
export function patchOptionsOf(call: ResourceCall, isApply: boolean): { options: WriteOptions; force: boolean } {
  const errors: FieldError[] = [];
  const options = readWriteOptions(call, errors);
  const force = booleanOf(call.query, names.force);
  if (isApply && !call.query.get(names.fieldManager)) {
    errors.push({ type: 'FieldValueRequired', field: names.fieldManager, detail: 'is required for apply patch' });
  }
  if (!isApply && force !== undefined) {
    errors.push(forbiddenField(names.force, 'may not be specified for non-apply patch'));
  }
  if (errors.length > 0) throw invalidOptions('PatchOptions', errors);
  return { options, force: force ?? false };
}

function readWriteOptions(call: ResourceCall, errors: FieldError[]): WriteOptions {
  const fieldValidation = choiceOf(call.query, names.fieldValidation, validations, errors) ?? defaultValidation;
  return {
    ...baseOptionsOf(call),
    manager: managerOf(call, errors),
    dryRun: dryRunOf(call.query.getAll(names.dryRun), errors),
    fieldValidation,
  };
}

/** What every write says of itself. */
export function baseOptionsOf(call: ResourceCall): WriteOptions {
  return {
    manager: managerOf(call, []),
    user: call.user,
    onWarning: (text) => call.warnings.add(text),
    ...(call.place.subresource === 'status' ? { subresource: 'status' } : {}),
  };
}

/** Whether a write is to change nothing. A value that is not known is an error: guessing would delete. */
export function dryRunOf(values: readonly string[], errors: FieldError[]): boolean {
  const wrong = values.find((value) => value !== 'All');
  if (wrong !== undefined) errors.push(notSupported(names.dryRun, wrong, ['All']));
  return values.length > 0;
}

const managerBytes = 128;

function managerOf(call: ResourceCall, errors: FieldError[]): string {
  const given = call.query.get(names.fieldManager);
  if (!given) return managerOfAgent(call.userAgent);
  if (given.length > managerBytes) {
    errors.push({
      type: 'FieldValueTooLong',
      field: names.fieldManager,
      detail: `may not be more than ${managerBytes} bytes`,
    });
  } else if (/[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/u.test(given)) {
    errors.push({
      type: 'FieldValueInvalid',
      field: names.fieldManager,
      value: given,
      detail: 'should only contain printable characters',
    });
  }
  return given;
}

// The rule of Kubernetes: what stands before the first slash of the User-Agent.
function managerOfAgent(userAgent: string): string {
  const [product = ''] = userAgent.split('/');
  return product.replaceAll(/[^\p{L}\p{N}\p{P}\p{S} ]/gu, '').slice(0, managerBytes) || 'unknown';
}
