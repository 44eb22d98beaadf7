import { isCoded } from '#errors';
import { withAccess, type Access, type AccessOptions } from '../access.ts';
import { readManifests } from '../documents.ts';
import { exitCodes, type ExitCode } from '../exit-codes.ts';
import { reportFailure, UsageError } from '../failure.ts';
import type { CliIO } from '../io.ts';
import { discoverKinds, findKind, parseTargets, type ServedKind } from '../kinds.ts';
import { requireNamespace } from './get.ts';

export interface DeleteOptions extends AccessOptions {
  readonly filename?: readonly string[];
  readonly selector?: string;
  readonly all?: boolean;
  readonly dryRun?: boolean;
  readonly ignoreNotFound?: boolean;
}

interface Doomed {
  readonly kind: ServedKind;
  readonly name: string;
  readonly namespace: string | undefined;
}

/** `chancery delete`: by name, by file, by label, or all of a type in a namespace. */
export async function deleteObjects(io: CliIO, args: readonly string[], options: DeleteOptions): Promise<ExitCode> {
  return withAccess(io, options, async (access) => {
    const kinds = await discoverKinds(access.client);
    const doomed =
      options.filename === undefined
        ? await findNamed(access, kinds, args, options)
        : await findInFiles(io, access, kinds, options.filename);
    if (doomed.length === 0) io.err('No resources found.\n');
    let code: ExitCode = exitCodes.done;
    for (const one of doomed) code = (await deleteOne(io, access, one, options)) ? code : exitCodes.failed;
    return code;
  });
}

async function findNamed(
  access: Access,
  kinds: readonly ServedKind[],
  args: readonly string[],
  options: DeleteOptions,
): Promise<Doomed[]> {
  const doomed: Doomed[] = [];
  for (const { kind, names } of parseTargets(kinds, args)) {
    if (names.length > 0)
      doomed.push(...names.map((name) => ({ kind, name, namespace: requireNamespace(access, kind) })));
    else doomed.push(...(await findSelected(access, kind, options)));
  }
  return doomed;
}

async function findSelected(
  { client, namespace }: Access,
  kind: ServedKind,
  options: DeleteOptions,
): Promise<Doomed[]> {
  if (!options.all && options.selector === undefined)
    throw new UsageError('name what to delete, or use --all or -l SELECTOR');
  const found: Doomed[] = [];
  for await (const { metadata } of client.each(kind, { namespace, labelSelector: options.selector })) {
    found.push({ kind, name: metadata.name, namespace: metadata.namespace });
  }
  return found;
}

async function findInFiles(
  io: CliIO,
  access: Access,
  kinds: readonly ServedKind[],
  paths: readonly string[],
): Promise<Doomed[]> {
  const manifests = await readManifests(io, paths);
  return manifests.map(({ object }) => {
    const [group, version] = object.apiVersion.split('/');
    const kind = findKind(kinds, version === undefined ? object.kind : `${object.kind}.${group}`);
    const namespace = kind.namespaced ? (object.metadata.namespace ?? access.namespace ?? 'default') : undefined;
    return { kind, name: object.metadata.name ?? '', namespace };
  });
}

async function deleteOne(
  io: CliIO,
  { client }: Access,
  { kind, name, namespace }: Doomed,
  options: DeleteOptions,
): Promise<boolean> {
  try {
    await client.delete(kind, name, { namespace, dryRun: options.dryRun ?? false, propagationPolicy: 'Background' });
    io.out(
      `${kind.singular}${kind.group === '' ? '' : `.${kind.group}`} "${name}" deleted${options.dryRun ? ' (server dry run)' : ''}\n`,
    );
    return true;
  } catch (error) {
    if (!isCoded(error, 'not-found', 'conflict', 'forbidden')) throw error;
    if (options.ignoreNotFound && error.code === 'not-found') return true;
    reportFailure(io, error);
    return false;
  }
}
