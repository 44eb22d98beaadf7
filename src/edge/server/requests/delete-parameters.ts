import { CodedError } from '#errors';
import type { FieldError, Json } from '#model/objects';
import type { DeleteOptions } from '#control/store';
import { parameters as names } from '#edge/api';
import type { ResourceCall } from './call.ts';
import { invalidOptions, unreadable } from './invalid-options.ts';
import { booleanOf, choiceOf, integerOf, notSupported } from './parameters.ts';
import { baseOptionsOf, dryRunOf } from './write-parameters.ts';

const propagations = ['Background', 'Foreground', 'Orphan'] as const;
type Propagation = (typeof propagations)[number];

/** `DeleteOptions` as a client may send them in the body. */
interface DeleteBody {
  readonly dryRun?: unknown;
  readonly propagationPolicy?: unknown;
  readonly orphanDependents?: unknown;
  readonly gracePeriodSeconds?: unknown;
  readonly preconditions?: unknown;
  readonly ignoreStoreReadErrorWithClusterBreakingPotential?: unknown;
}

const knownFields: ReadonlySet<string> = new Set([
  'apiVersion',
  'kind',
  'metadata',
  'dryRun',
  'propagationPolicy',
  'orphanDependents',
  'gracePeriodSeconds',
  'preconditions',
  'ignoreStoreReadErrorWithClusterBreakingPotential',
]);

/**
 * Options of a delete, from body and query together: what either of them restricts is kept, and where they contradict
 * each other the request is refused. Fails with bad-request and invalid.
 */
export function deleteOptionsOf(call: ResourceCall, body: Json | undefined): DeleteOptions {
  const errors: FieldError[] = [];
  const fields = bodyFields(body);
  const options: DeleteOptions = {
    ...baseOptionsOf(call),
    dryRun: dryRunOf([...call.query.getAll(names.dryRun), ...textsOf(fields.dryRun)], errors),
    ...preconditionsOf(fields.preconditions),
    ...propagationOf(call.query, fields, errors),
  };
  refuseUnsafe(call.query, fields);
  if (errors.length > 0) throw invalidOptions('DeleteOptions', errors);
  return options;
}

function bodyFields(body: Json | undefined): DeleteBody {
  if (body === undefined) return {};
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw wrongBody('it must be an object');
  if (body['kind'] !== undefined && body['kind'] !== 'DeleteOptions') throw wrongBody('it must be DeleteOptions');
  const unknown = Object.keys(body).find((name) => !knownFields.has(name));
  if (unknown !== undefined) throw wrongBody(`unknown field ${JSON.stringify(unknown.slice(0, 100))}`);
  return body;
}

function wrongBody(why: string): CodedError {
  return new CodedError('bad-request', `the body of a delete cannot be used: ${why}`);
}

function textsOf(value: unknown): string[] {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value;
  throw wrongBody('dryRun must be a list of strings');
}

function preconditionsOf(value: unknown): Pick<DeleteOptions, 'uid' | 'resourceVersion'> {
  if (value === undefined || value === null) return {};
  const { uid, resourceVersion } = value as { uid?: unknown; resourceVersion?: unknown };
  return { ...precondition('uid', uid), ...precondition('resourceVersion', resourceVersion) };
}

function precondition(name: string, value: unknown): Record<string, string> {
  if (value === undefined || value === null) return {};
  if (typeof value === 'string') return { [name]: value };
  throw wrongBody(`preconditions.${name} must be a string`);
}

function propagationOf(
  query: URLSearchParams,
  fields: DeleteBody,
  errors: FieldError[],
): { propagation?: Propagation } {
  const wanted = [
    choiceOf(query, names.propagationPolicy, propagations, errors),
    bodyPropagation(fields.propagationPolicy, errors),
    orphanPolicy(booleanOf(query, names.orphanDependents)),
    orphanPolicy(fields.orphanDependents),
  ].filter((policy) => policy !== undefined);
  const [propagation] = wanted;
  if (wanted.some((policy) => policy !== propagation)) throw wrongBody('it contradicts itself on propagationPolicy');
  return propagation === undefined ? {} : { propagation };
}

function bodyPropagation(value: unknown, errors: FieldError[]): Propagation | undefined {
  if (value === undefined || value === null) return undefined;
  const policy = propagations.find((policy) => policy === value);
  if (policy === undefined) errors.push(notSupported(names.propagationPolicy, JSON.stringify(value), propagations));
  return policy;
}

function orphanPolicy(value: unknown): Propagation | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'boolean') throw wrongBody('orphanDependents must be true or false');
  return value ? 'Orphan' : 'Background';
}

// No kind here has anything to do in a grace period: every period means the same, if it is one.
function refuseUnsafe(query: URLSearchParams, fields: DeleteBody): void {
  integerOf(query, names.gracePeriodSeconds);
  const grace = fields.gracePeriodSeconds ?? 0;
  if (!Number.isSafeInteger(grace) || Number(grace) < 0) throw wrongBody('gracePeriodSeconds must not be negative');
  if (!booleanOf(query, names.ignoreStoreReadErrors) && !fields.ignoreStoreReadErrorWithClusterBreakingPotential)
    return;
  throw unreadable(names.ignoreStoreReadErrors, 'true', 'left out: objects that cannot be read are not deleted');
}
