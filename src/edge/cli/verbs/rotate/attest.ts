import type { ApiClient } from '#edge/api';
import { isCoded } from '#errors';
import { rotationKind, workloadTerm, type Rotation, type RotationAttestation } from '#model/resources';
import { exitCodes, type ExitCode } from '../../exit-codes.ts';
import { UsageError } from '../../failure.ts';
import type { CliIO } from '../../io.ts';
import type { AccessOptions } from '../../server/access.ts';
import { refuseOver } from './change.ts';
import { findRotation } from './find-rotation.ts';
import { warnTo } from './warn.ts';
import { withNamed } from './with-named.ts';

export interface AttestOptions extends AccessOptions {
  /** A Workload that is external, NAME or NAMESPACE/NAME. */
  readonly consumer: string;
  readonly until: string;
  /** Who vouches; left out, who types. */
  readonly by?: string;
  readonly reason?: string;
  readonly waive?: boolean;
}

/** `chancery rotate attest`: somebody's word for what cannot be proven from here, about the stage that runs. */
export async function attest(io: CliIO, name: string, options: AttestOptions): Promise<ExitCode> {
  const until = untilOf(options.until, io.now());
  const by = options.by ?? io.env['USER'] ?? '';
  if (by.trim() === '') throw new UsageError('say with --by who vouches for it');
  if (options.consumer.trim() === '') throw new UsageError('--consumer names an external Workload');
  return withNamed(io, name, options, async ({ client, namespace, named }) => {
    const consumer = workloadTerm(options.consumer, namespace);
    const { reason, waive } = options;
    const rotation = await findRotation(client, namespace, named);
    const generation = rotation.status?.generation;
    const word = {
      consumer,
      by,
      until,
      ...(reason !== undefined && { reason }),
      ...(waive && { waived: true }),
      ...(generation !== undefined && { generation }),
    };
    const written = await addWord(io, client, rotation, word);
    io.out(
      `rotation "${written.metadata.name}": ${consumer} ${waive ? 'waived' : 'attested'} by ${by} until ${until}\n`,
    );
    return exitCodes.done;
  });
}

/** The instant that `text` names: a day counts to its end. */
export function untilOf(text: string, now: Date): string {
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(text);
  const until = new Date(isDay ? `${text}T23:59:59Z` : text);
  if (Number.isNaN(until.getTime()) || !/^\d{4}-\d{2}-\d{2}/.test(text))
    throw new UsageError(`--until is a day or an instant, such as 2027-01-31 or 2027-01-31T18:00:00Z, not "${text}"`);
  if (until <= now) throw new UsageError(`--until ${text} is past`);
  return `${until.toISOString().slice(0, 19)}Z`;
}

const attempts = 5;

/** The loops write the same object, so a lost race is tried again on what they wrote; the word stays about what was seen. */
async function addWord(io: CliIO, client: ApiClient, first: Rotation, word: RotationAttestation): Promise<Rotation> {
  const { name, namespace = 'default' } = first.metadata;
  for (let attempt = 1, rotation = first; ; attempt += 1) {
    refuseOver(rotation);
    try {
      return await client.update<Rotation>(rotationKind, withWord(rotation, word), {
        namespace,
        onWarning: warnTo(io),
      });
    } catch (error) {
      if (!isCoded(error, 'conflict') || attempt >= attempts) throw error;
      rotation = await client.get<Rotation>(rotationKind, name, namespace);
    }
  }
}

/** The word replaces an earlier one for the same consumer. */
export function withWord(rotation: Rotation, word: RotationAttestation): Rotation {
  const { spec } = rotation;
  const others = (spec.attestations ?? []).filter(({ consumer }) => consumer !== word.consumer);
  return { ...rotation, spec: { ...spec, attestations: [...others, word] } };
}
