import type { ApiClient } from '#edge/api';
import { CodedError, isCoded } from '#errors';
import type { Draft } from '#model/objects';
import { exitCodes, type ExitCode } from '../exit-codes.ts';
import { reportFailure } from '../failure.ts';
import { paintErr, type CliIO } from '../io.ts';
import { openProgress } from '../progress.ts';
import { withAccess, type Access, type AccessOptions } from '../server/access.ts';
import { discoverKinds, kindOfManifest, qualifiedSingular, type ServedKind } from '../server/kinds.ts';
import { namespaceOfManifest, readManifests } from '../server/manifests.ts';

export interface ApplyOptions extends AccessOptions {
  readonly filename: readonly string[];
  readonly dryRun?: boolean;
  readonly forceConflicts?: boolean;
  readonly output?: 'name';
}

const fieldManager = 'chancery';

/** `chancery apply`: server-side apply of every object; goes on after a refused one, and says so at the end. */
export async function apply(io: CliIO, options: ApplyOptions): Promise<ExitCode> {
  const manifests = await readManifests(io, options.filename);
  return withAccess(io, options, async (access) => {
    const kinds = await discoverKinds(access.client);
    const progress = openProgress(io);
    let refused = 0;
    for (const [index, { object, place }] of manifests.entries()) {
      try {
        const line = await applyObject(io, access, kinds, object, options);
        progress.clear();
        io.out(line);
      } catch (error) {
        progress.clear();
        if (isCoded(error, 'unreachable', 'unauthorized') || !isCoded(error)) throw error;
        reportFailure(io, error, { place });
        refused += 1;
      }
      progress.show(`${index + 1} of ${manifests.length} objects`);
    }
    progress.clear();
    reportRefused(io, refused, manifests.length, options);
    return refused > 0 ? exitCodes.failed : exitCodes.done;
  });
}

function reportRefused(io: CliIO, refused: number, all: number, { dryRun }: ApplyOptions): void {
  if (refused === 0 || all === 1) return;
  const others = refused === all ? '' : `; the others are ${dryRun ? 'fine' : 'applied'}`;
  io.err(`${refused} of ${all} objects ${refused === 1 ? 'was' : 'were'} refused${others}.\n`);
}

async function applyObject(
  io: CliIO,
  { client, ...access }: Access,
  kinds: readonly ServedKind[],
  object: Draft,
  options: ApplyOptions,
): Promise<string> {
  const kind = kindOfManifest(kinds, object);
  const namespace = namespaceOfManifest(kind, object, access.namespace, options.namespace);
  const name = requireName(object);
  const scoped = { ...object, metadata: { ...object.metadata, ...(namespace !== undefined && { namespace }) } };
  const before = await currentVersion(client, kind, name, namespace);
  const { object: after, created } = await client.apply(kind, scoped, {
    fieldManager,
    fieldValidation: 'Strict',
    dryRun: options.dryRun ?? false,
    force: options.forceConflicts ?? false,
    onWarning: (text) => io.err(`${paintErr(io, 'yellow', 'Warning:')} ${text}\n`),
  });
  const title = `${qualifiedSingular(kind)}/${after.metadata.name}`;
  if (options.output === 'name') return `${title}\n`;
  const what = created ? 'created' : after.metadata.resourceVersion === before ? 'unchanged' : 'configured';
  return `${title} ${what}${options.dryRun ? ' (server dry run)' : ''}\n`;
}

function requireName({ metadata }: Draft): string {
  if (metadata.name !== undefined) return metadata.name;
  const hint = 'Set metadata.name: an object that is applied again must be found again.';
  throw new CodedError('bad-request', `from ${metadata.generateName}: cannot use generate name with apply`, { hint });
}

async function currentVersion(
  client: ApiClient,
  kind: ServedKind,
  name: string,
  namespace: string | undefined,
): Promise<string | undefined> {
  try {
    return (await client.get(kind, name, namespace)).metadata.resourceVersion;
  } catch (error) {
    if (isCoded(error, 'not-found')) return undefined;
    throw error;
  }
}
