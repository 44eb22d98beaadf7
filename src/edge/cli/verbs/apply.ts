import type { ApiClient } from '#edge/api';
import { isCoded } from '#errors';
import type { Draft } from '#model/objects';
import { withAccess, type AccessOptions } from '../access.ts';
import { readManifests, type ManifestObject } from '../documents.ts';
import { exitCodes, type ExitCode } from '../exit-codes.ts';
import { reportFailure, UsageError } from '../failure.ts';
import { paint, type CliIO } from '../io.ts';
import { discoverKinds, findKind, type ServedKind } from '../kinds.ts';

export interface ApplyOptions extends AccessOptions {
  readonly filename?: readonly string[];
  readonly dryRun?: boolean;
  readonly forceConflicts?: boolean;
  readonly output?: string;
}

const fieldManager = 'chancery';

/** `chancery apply`: server-side apply of every object; goes on after a refused one, and says so at the end. */
export async function apply(io: CliIO, options: ApplyOptions): Promise<ExitCode> {
  if (options.filename === undefined) throw new UsageError('name what to apply with -f FILE');
  const manifests = await readManifests(io, options.filename);
  return withAccess(io, options, async ({ client, namespace }) => {
    const kinds = await discoverKinds(client);
    let refused = 0;
    for (const manifest of manifests) {
      if (!(await applyOne(io, client, kinds, manifest, namespace, options))) refused += 1;
    }
    if (refused > 0) io.err(`${refused} of ${manifests.length} objects were refused; the others are applied.\n`);
    return refused > 0 ? exitCodes.failed : exitCodes.done;
  });
}

async function applyOne(
  io: CliIO,
  client: ApiClient,
  kinds: readonly ServedKind[],
  manifest: ManifestObject,
  namespace: string | undefined,
  options: ApplyOptions,
): Promise<boolean> {
  try {
    io.out(await applyObject(io, client, kinds, manifest.object, namespace, options));
    return true;
  } catch (error) {
    if (isCoded(error, 'unreachable', 'unauthorized')) throw error;
    reportFailure(io, error);
    io.err(`  in:    ${manifest.place}\n`);
    return false;
  }
}

async function applyObject(
  io: CliIO,
  client: ApiClient,
  kinds: readonly ServedKind[],
  object: Draft,
  namespace: string | undefined,
  options: ApplyOptions,
): Promise<string> {
  const kind = findKind(kinds, groupedKind(object));
  const scoped = kind.namespaced
    ? { ...object, metadata: { namespace: namespace ?? 'default', ...object.metadata } }
    : object;
  const before = await currentVersion(client, kind, scoped);
  const { object: after, created } = await client.apply(kind, scoped, {
    fieldManager,
    fieldValidation: 'Strict',
    dryRun: options.dryRun ?? false,
    force: options.forceConflicts ?? false,
    onWarning: (text) => io.err(`${paint(io, 'yellow', 'Warning:')} ${text}\n`),
  });
  const what = created ? 'created' : after.metadata.resourceVersion === before ? 'unchanged' : 'configured';
  return `${qualified(kind)}/${after.metadata.name} ${what}${options.dryRun ? ' (server dry run)' : ''}\n`;
}

function groupedKind({ apiVersion, kind }: Draft): string {
  const [group, version] = apiVersion.split('/');
  return version === undefined ? kind : `${kind}.${group}`;
}

async function currentVersion(client: ApiClient, kind: ServedKind, object: Draft): Promise<string | undefined> {
  try {
    const found = await client.get(kind, object.metadata.name ?? '', object.metadata.namespace);
    return found.metadata.resourceVersion;
  } catch (error) {
    if (isCoded(error, 'not-found')) return undefined;
    throw error;
  }
}

function qualified({ singular, group }: ServedKind): string {
  return group === '' ? singular : `${singular}.${group}`;
}
