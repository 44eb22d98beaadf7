import type { ApiClient } from '#edge/api';
import { isCoded } from '#errors';
import type { Rotation } from '#model/resources';
import { planRotation } from '#model/rotation';
import { exitCodes, type ExitCode } from '../../exit-codes.ts';
import type { CliIO } from '../../io.ts';
import type { AccessOptions } from '../../server/access.ts';
import { formatValue, withoutManagedFields, type ObjectForm } from '../../text/object-text.ts';
import type { Named } from './authority-name.ts';
import { evidenceDocument } from './evidence-document.ts';
import { findRotation, isOver } from './find-rotation.ts';
import { followRotation, workloadsOf } from './follow.ts';
import { fetchWorld } from './plan/fetch-world.ts';
import { planSnapshot } from './plan/plan-snapshot.ts';
import { progressText } from './progress-text.ts';
import { withNamed } from './with-named.ts';

export interface RotationStatusOptions extends AccessOptions {
  readonly output?: ObjectForm;
  readonly wait?: boolean;
}

/** `chancery rotate status`: where it is, who lags behind, and what is waited for. 4 while it is under way, 1 when it failed. */
export async function showRotation(io: CliIO, name: string, options: RotationStatusOptions): Promise<ExitCode> {
  return withNamed(io, name, options, async ({ client, namespace, named }) => {
    const rotation = await findRotation(client, namespace, named);
    const concerned = isOver(rotation) ? new Set<string>() : await seenWorkloads(io, client, rotation);
    if (options.wait) return followRotation(io, client, rotation, concerned);
    if (options.output === undefined) io.out(progressText(io, rotation, await workloadsOf(client, concerned)));
    else io.out(formatValue(withoutManagedFields(rotation), options.output));
    return exitCodeOf(rotation);
  });
}

function exitCodeOf(rotation: Rotation): ExitCode {
  if (!isOver(rotation)) return exitCodes.notReady;
  return rotation.status?.result === 'succeeded' ? exitCodes.done : exitCodes.failed;
}

/** Without a sight of the CA, which may be gone or not be shown to who asks, the rotation itself is shown. */
async function seenWorkloads(io: CliIO, client: ApiClient, rotation: Rotation): Promise<Set<string>> {
  return concernedBy(io, client, rotation).catch((error: unknown) => {
    if (isCoded(error, 'not-found', 'forbidden', 'bad-request')) return new Set<string>();
    throw error;
  });
}

/** The Workloads that have something of the old or the next CA, as the plan finds them. */
async function concernedBy(io: CliIO, client: ApiClient, { metadata, spec, status }: Rotation): Promise<Set<string>> {
  const ref = spec.certificateRef ?? spec.secretRef!;
  const named: Named = { kind: spec.certificateRef === undefined ? 'secret' : 'certificate', name: ref.name };
  const world = await fetchWorld(client, ref.namespace ?? metadata.namespace ?? 'default', named);
  const { old, next } = status ?? {};
  const snapshot = planSnapshot(world, spec, io.now());
  const { load, external } = planRotation({
    ...snapshot,
    progress: { ...snapshot.progress, ...(old && { old: factsOf(old) }), ...(next && { next: factsOf(next) }) },
  });
  return new Set([...load.map(({ workload }) => workload), ...external]);
}

type Authority = NonNullable<NonNullable<Rotation['status']>['old']>;

const factsOf = ({ fingerprint, subject, notAfter }: Authority) => ({
  fingerprint,
  subject,
  notAfter: new Date(notAfter),
  path: [fingerprint],
});

/** `chancery rotate report`: the evidence, as a document in Markdown. */
export async function reportRotation(io: CliIO, name: string, options: AccessOptions): Promise<ExitCode> {
  return withNamed(io, name, options, async ({ client, namespace, named }) => {
    const rotation = await findRotation(client, namespace, named);
    io.out(evidenceDocument(rotation, io.now()));
    return exitCodes.done;
  });
}
