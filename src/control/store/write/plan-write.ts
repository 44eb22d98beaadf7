import { CodedError } from '#errors';
import type { Draft, KubeObject } from '#model/objects';
import type { Kind, KindRegistry } from '#model/resources';
import { notFound } from '../failures.ts';
import { objectKey } from '../keys.ts';
import type { PreparedKind } from '../prepared-kind.ts';
import type { Write } from '../resource-store.ts';
import { acceptBody } from './accept-body.ts';
import { patchObject } from './patch-object.ts';
import type { PendingWrites } from './pending-writes.ts';
import { planApply } from './plan-apply.ts';
import { nameOfNew, planCreate } from './plan-create.ts';
import { planDelete } from './plan-delete.ts';
import { planUpdate } from './plan-update.ts';
import type { Plan, WriteContext } from './plan.ts';

/** What planning takes from outside. */
export interface PlanEnvironment {
  readonly registry: KindRegistry;
  readonly prepare: (kind: Kind) => PreparedKind;
  readonly now: () => Date;
  readonly newUid: () => string;
  /** An integer in [0, below), for generated names. */
  readonly random: (below: number) => number;
}

export interface PlannedWrite {
  readonly kind: Kind;
  readonly key: string;
  readonly plan: Plan;
  readonly created: boolean;
}

type WriteOf<Op extends Write['op']> = Extract<Write, { op: Op }>;

/** Reads what one write depends on, and decides what it comes to. */
export async function planWrite(
  environment: PlanEnvironment,
  write: Write,
  pending: PendingWrites,
  warn: (text: string) => void,
): Promise<PlannedWrite> {
  const context = contextOf(environment, write, warn);
  checkSubresource(context);
  if (write.op === 'create') return planCreation(environment, context, write, pending);
  const { kind, name } = write.ref;
  const key = objectKey(kind, context.namespace, name);
  const live = await pending.read(kind, key);
  if (write.op === 'patch' && write.patch.type === 'apply') {
    return { kind, key, ...(await planApplied(environment, context, write, live, pending)) };
  }
  if (live === undefined) throw notFound(kind, name);
  return { kind, key, plan: planOnLive(context, write, live), created: false };
}

function planOnLive(context: WriteContext, write: Exclude<Write, { op: 'create' }>, live: KubeObject): Plan {
  if (write.op === 'delete') return planDelete(context, live, write.options);
  if (write.op === 'update') return planUpdate(context, acceptBody(context, write.object), live);
  const { patch, ref } = write;
  if (patch.type === 'apply') throw new TypeError('an apply is planned on its own');
  return planUpdate(context, acceptBody(context, patchObject(ref.kind, live, patch)), live);
}

async function planCreation(
  environment: PlanEnvironment,
  context: WriteContext,
  { ref: { kind }, object, options }: WriteOf<'create'>,
  pending: PendingWrites,
): Promise<PlannedWrite> {
  const draft = acceptBody(context, object);
  const namespace = await readNamespace(environment, context, pending);
  for (let tries = 1; ; tries += 1) {
    const name = nameOfNew(context, draft, environment.random);
    const key = objectKey(kind, context.namespace, name);
    const live = options.dryRun === true ? await pending.read(kind, key) : await pending.readUnlikely(kind, key);
    if (live !== undefined && isGenerated(draft) && tries < maxNames) continue;
    return { kind, key, plan: planCreate(context, draft, { name, live, namespace }), created: true };
  }
}

/** Kubernetes' count of names to try before a generated one is reported as taken. */
const maxNames = 8;

function isGenerated({ metadata }: Draft): boolean {
  return metadata.name === undefined || metadata.name === '';
}

async function planApplied(
  environment: PlanEnvironment,
  context: WriteContext,
  { ref: { name }, patch }: WriteOf<'patch'>,
  live: KubeObject | undefined,
  pending: PendingWrites,
): Promise<{ plan: Plan; created: boolean }> {
  if (patch.type !== 'apply') throw new TypeError('not an apply');
  const draft = acceptBody(context, patch.body);
  const namespace = live === undefined ? await readNamespace(environment, context, pending) : undefined;
  const plan = planApply(context, draft, { name, live, namespace, force: patch.force });
  return { plan, created: live === undefined };
}

async function readNamespace(
  { registry }: PlanEnvironment,
  { prepared, namespace }: WriteContext,
  pending: PendingWrites,
): Promise<KubeObject | undefined> {
  if (!prepared.kind.namespaced) return undefined;
  const namespaces = registry.byKind('v1', 'Namespace');
  return namespaces === undefined ? undefined : pending.read(namespaces, objectKey(namespaces, undefined, namespace));
}

function contextOf(environment: PlanEnvironment, write: Write, warn: (text: string) => void): WriteContext {
  const { ref, options } = write;
  const prepared = environment.prepare(ref.kind);
  const namespace = ref.kind.namespaced ? (ref.namespace ?? sentNamespace(write)) : '';
  return { prepared, namespace, options, now: environment.now(), newUid: environment.newUid, warn };
}

/** A create may leave it to its object to say where; the object may still be anything. */
function sentNamespace(write: Write): string {
  const body: { metadata?: { namespace?: unknown } | null } | null | undefined =
    write.op === 'create' ? write.object : undefined;
  const namespace = body?.metadata?.namespace;
  return typeof namespace === 'string' ? namespace : '';
}

function checkSubresource({ prepared, options }: WriteContext): void {
  if (options.subresource === undefined || prepared.kind.hasStatus) return;
  throw new CodedError('not-found', 'the server could not find the requested resource');
}
