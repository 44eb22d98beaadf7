import { CodedError } from '#errors';
import { rotationKind, type Rotation } from '#model/resources';
import { exitCodes, type ExitCode } from '../../exit-codes.ts';
import type { CliIO } from '../../io.ts';
import type { AccessOptions } from '../../server/access.ts';
import { findRotation, isOver } from './find-rotation.ts';
import { warnTo } from './warn.ts';
import { withNamed } from './with-named.ts';

interface Change {
  readonly spec: { readonly paused?: boolean; readonly rollback?: boolean };
  readonly said: string;
}

const changes = {
  pause: { spec: { paused: true }, said: 'paused; what is under way ends, and nothing new begins' },
  resume: { spec: { paused: false }, said: 'resumed' },
  rollback: { spec: { rollback: true, paused: false }, said: 'going back, in stages' },
} as const satisfies Readonly<Record<string, Change>>;

/** `chancery rotate pause`, `resume`, `rollback`: of what runs. Fails with conflict when it is over. */
export async function changeRotation(
  io: CliIO,
  change: keyof typeof changes,
  name: string,
  options: AccessOptions,
): Promise<ExitCode> {
  return withNamed(io, name, options, async ({ client, namespace, named }) => {
    const { spec, said } = changes[change];
    const rotation = await findRotation(client, namespace, named);
    refuseOver(rotation);
    await client.patch(rotationKind, rotation.metadata.name, 'merge', { spec }, { namespace, onWarning: warnTo(io) });
    io.out(`rotation "${rotation.metadata.name}" ${said}\n`);
    return exitCodes.done;
  });
}

/** What is over is not changed: whoever asks for it is told how it ended. */
export function refuseOver(rotation: Rotation): void {
  const { metadata, status } = rotation;
  if (!isOver(rotation)) return;
  throw new CodedError('conflict', `rotation "${metadata.name}" is over since ${status?.completedTime}`, {
    hint: "Look at it with 'chancery rotate report', or begin another.",
  });
}
