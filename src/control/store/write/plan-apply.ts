import { CodedError } from '#errors';
import { applyServerSide, conflictCauses, formatConflicts } from '#model/objects';
import type { Draft, KubeObject } from '#model/objects';
import { notFound } from '../failures.ts';
import { checkIdentity, planUpdateApplied } from './plan-update.ts';
import { checkNoRevision, planCreateApplied } from './plan-create.ts';
import type { CreateSnapshot } from './plan-create.ts';
import type { Plan, WriteContext } from './plan.ts';

/** Decides about a server-side apply of an accepted draft, which creates the object when there is none. */
export function planApply(
  context: WriteContext,
  draft: Draft,
  request: CreateSnapshot & { readonly force: boolean },
): Plan {
  const { live, name, force } = request;
  checkManagedFields(draft);
  const applied = appliedPart(context, { ...draft, metadata: { ...draft.metadata, name } });
  if (live !== undefined) {
    checkIdentity(context, draft, live);
    return planUpdateApplied(context, merge(context, applied, live, force), live);
  }
  if (context.options.subresource !== undefined) throw notFound(context.prepared.kind, name);
  checkNoRevision(draft);
  return planCreateApplied(context, merge(context, applied, undefined, force), request);
}

/** Through `/status` only the status is applied. */
function appliedPart({ options }: WriteContext, draft: Draft & { status?: unknown }): Draft {
  if (options.subresource === undefined) return draft;
  const { apiVersion, kind, metadata, status } = draft;
  const { name, namespace } = metadata;
  const place = namespace === undefined ? { name: name! } : { name: name!, namespace };
  return { apiVersion, kind, metadata: place, ...(status !== undefined && { status }) };
}

function merge(context: WriteContext, applied: Draft, live: KubeObject | undefined, force: boolean): Draft {
  const { prepared, options, now } = context;
  const ignoresStatus = prepared.kind.hasStatus && options.subresource === undefined && options.withStatus !== true;
  const outcome = applyServerSide({
    live,
    applied,
    force,
    manager: options.manager,
    apiVersion: prepared.apiVersion,
    schema: prepared.fields,
    now,
    subresource: options.subresource,
    ignore: ignoresStatus ? ['status'] : [],
  });
  if (outcome.object !== undefined) return outcome.object;
  throw new CodedError('conflict', formatConflicts(outcome.conflicts), {
    field: outcome.conflicts[0].field,
    hint: 'Leave the fields out, agree on their values, or force the apply to take them over.',
    causes: conflictCauses(outcome.conflicts),
  });
}

function checkManagedFields(draft: Draft): void {
  if ((draft.metadata.managedFields?.length ?? 0) === 0) return;
  throw new CodedError('bad-request', 'metadata.managedFields must be nil', { field: 'metadata.managedFields' });
}
