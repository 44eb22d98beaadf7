import type { ApiClient } from '#edge/api';
import { CodedError } from '#errors';
import { rotationKind, type Rotation, type RotationSpec } from '#model/resources';
import { planRotation, type CAFacts, type RotationPlan } from '#model/rotation';
import { exitCodes, type ExitCode } from '../../exit-codes.ts';
import { UsageError } from '../../failure.ts';
import type { CliIO } from '../../io.ts';
import type { AccessOptions } from '../../server/access.ts';
import { authorityOf, nameText, parseNamed, type Named } from './authority-name.ts';
import { isOver, nextName, rotationsOf } from './find-rotation.ts';
import { followRotation } from './follow.ts';
import { fetchWorld } from './plan/fetch-world.ts';
import { planSnapshot } from './plan/plan-snapshot.ts';
import { hindrances, planText } from './plan/plan-text.ts';
import { warnTo } from './warn.ts';
import { withNamed } from './with-named.ts';

export interface RotateOptions extends AccessOptions {
  readonly dryRun?: boolean;
  readonly newKey?: boolean;
  readonly sameKey?: boolean;
  readonly newSubject?: boolean;
  readonly crossSign?: boolean;
  readonly emergency?: boolean;
  readonly reason?: string;
  readonly wait?: boolean;
}

/** `chancery rotate NAME`: shows what a rotation of the CA would do, and begins it unless something is known to break. */
export async function rotate(io: CliIO, name: string, options: RotateOptions): Promise<ExitCode> {
  const spec = specOf(parseNamed(name), options);
  return withNamed(io, name, options, async ({ client, namespace, named }) => {
    const earlier = await rotationsOf(client, namespace, named);
    refuseSecond(earlier, named);
    const { old, plan } = await planFor(io, client, namespace, named, spec);
    io.out(planText(io, nameText(named), old, plan));
    refuseBreaking(plan, spec);
    const rotation = await begin(io, client, { namespace, name: nextName(named.name, earlier) }, spec, options);
    if (options.dryRun) return exitCodes.done;
    if (options.wait) return followRotation(io, client, rotation, concernedIn(plan));
    io.out(`Follow it with 'chancery rotate status ${name} -n ${namespace}'.\n`);
    return exitCodes.done;
  });
}

function specOf(named: Named, options: RotateOptions): RotationSpec {
  const { newKey, sameKey, newSubject, crossSign, emergency, reason } = options;
  if (newKey && sameKey) throw new UsageError('--new-key and --same-key exclude each other');
  return {
    ...authorityOf(named),
    ...(newKey && { key: 'new' as const }),
    ...(sameKey && { key: 'same' as const }),
    ...(newSubject && { subject: 'new' as const }),
    ...(crossSign && { crossSign }),
    ...(emergency && { emergency }),
    ...(reason !== undefined && { reason }),
  };
}

function refuseSecond(earlier: readonly Rotation[], named: Named): void {
  const running = earlier.find((one) => !isOver(one));
  if (running === undefined) return;
  throw new CodedError('conflict', `Rotation "${running.metadata.name}" of ${nameText(named)} is under way`, {
    hint: `Wait for it, or take it back with 'chancery rotate rollback rotation/${running.metadata.name}'.`,
  });
}

interface Planned {
  readonly old: CAFacts;
  readonly plan: RotationPlan;
}

async function planFor(
  io: CliIO,
  client: ApiClient,
  namespace: string,
  named: Named,
  spec: RotationSpec,
): Promise<Planned> {
  const snapshot = planSnapshot(await fetchWorld(client, namespace, named), spec, io.now());
  return { old: snapshot.oldCA, plan: planRotation(snapshot) };
}

/** The Workloads of which the CA's own rotation is shown. */
const concernedIn = ({ load, external }: RotationPlan): ReadonlySet<string> =>
  new Set([...load.map(({ workload }) => workload), ...external]);

function refuseBreaking(plan: RotationPlan, { emergency = false }: RotationSpec): void {
  const blocking = hindrances(plan, emergency);
  if (blocking.length === 0) return;
  throw new CodedError('conflict', `the rotation does not begin: ${blocking.length} known to break it`, {
    hint: blocking[0]!.hint,
    causes: blocking.map(({ check, place, message }) => ({ reason: check, field: place, message })),
  });
}

async function begin(
  io: CliIO,
  client: ApiClient,
  metadata: { readonly namespace: string; readonly name: string },
  spec: RotationSpec,
  { dryRun = false }: RotateOptions,
): Promise<Rotation> {
  const object = { apiVersion: 'chancery.dev/v1', kind: 'Rotation', metadata, spec };
  const request = { namespace: metadata.namespace, dryRun, onWarning: warnTo(io) };
  const rotation = await client.create<Rotation>(rotationKind, object, request);
  io.out(`rotation "${metadata.name}" ${dryRun ? 'would begin (dry run)' : 'begun'}\n`);
  return rotation;
}
