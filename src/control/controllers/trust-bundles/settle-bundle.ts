import type { TrustBundle, TrustBundleStatus } from '#model/resources';
import type { Problem, StoreMemo } from '#model/stores';
import { bundleStatus, bundleTarget, nextBundle, resolveBundleSources } from '#model/trust';
import type { BundleFormat, BundleOrder, BundleTarget } from '#model/trust';
import { deepEqual } from '#model/objects';
import type { LoopContext } from '../context.ts';
import { updateStatus } from '../certificates/planned-writes.ts';
import { lookupIn, readReferred } from '../stores/referred-objects.ts';
import type { Referred } from '../stores/referred-objects.ts';
import { targetPasswords } from './target-passwords.ts';
import { readTarget, removeTarget, targetProblem, targetTerm, writeTarget } from './target-object.ts';
import type { TargetObject } from './target-object.ts';

export interface SettledBundle {
  readonly bundle: TrustBundle;
  /** Everything that it rests on. */
  readonly referred: Referred;
  readonly wrote: readonly string[];
}

/**
 * Brings the status of a bundle, and then what it is written into, up to date. The status is first: it holds the
 * certificates, and who is killed in between writes them out of it.
 */
export async function settleBundle(
  context: LoopContext,
  before: TrustBundle,
  orders: readonly BundleOrder[],
  memo: StoreMemo,
  onTerm: (term: string) => void = () => undefined,
): Promise<SettledBundle> {
  const now = context.clock.now();
  const target = bundleTarget(before);
  onTerm(targetTerm(target));
  const [referred, existing] = await Promise.all([readReferred(context, before, onTerm), readTarget(context, target)]);
  const lookup = lookupIn(referred);
  const sources = resolveBundleSources(lookup, before, now, memo);
  const next = nextBundle({ bundle: before, sources, orders, now });
  const passwords = targetPasswords(lookup, before, target);
  const problem = targetProblem(before, target, existing) ?? (passwords.ok ? undefined : passwords.problem);
  const status = bundleStatus(before, { ...next, problems: [...next.problems, ...told(problem)] }, now);
  const { bundle, wrote } = await writeStatus(context, before, status);
  const formats = passwords.ok && problem === undefined && (status.count ?? 0) > 0 ? passwords.value : undefined;
  const written = await filesWritten(context, bundle, { target, existing, formats });
  await removeFormer(context, before, target);
  return { bundle, referred, wrote: [...wrote, ...written] };
}

const told = (problem: Problem | undefined): Problem[] => (problem === undefined ? [] : [problem]);

interface Writing {
  readonly target: BundleTarget;
  readonly existing: TargetObject | undefined;
  /** Undefined: it cannot be written now. */
  readonly formats: readonly BundleFormat[] | undefined;
}

async function filesWritten(context: LoopContext, bundle: TrustBundle, { target, existing, formats }: Writing) {
  return formats === undefined ? [] : writeTarget(context, bundle, target, existing, formats);
}

async function writeStatus(
  { store, kinds, echoes }: LoopContext,
  before: TrustBundle,
  status: TrustBundleStatus,
): Promise<{ bundle: TrustBundle; wrote: string[] }> {
  if (deepEqual(before.status ?? {}, status)) return { bundle: before, wrote: [] };
  const [stored] = await store.sequence([updateStatus(kinds.trustBundle, { ...before, status })]);
  const wrote = [stored!.metadata.resourceVersion];
  echoes.expect(wrote);
  return { bundle: stored as TrustBundle, wrote };
}

async function removeFormer(context: LoopContext, before: TrustBundle, target: BundleTarget): Promise<void> {
  const former = before.status?.targetName;
  if (former === undefined || former === targetTerm(target)) return;
  const [, kind = '', namespace = '', name = ''] = /^(\w+) ([^/]*)\/(.*)$/.exec(former) ?? [];
  if (kind === 'Secret' || kind === 'ConfigMap') await removeTarget(context, before, { kind, namespace, name });
}
