import { UsageError } from '../../failure.ts';
import type { CliIO } from '../../io.ts';
import type { Access } from '../../server/access.ts';
import { kindOfManifest, type ServedKind } from '../../server/kinds.ts';
import { namespaceOfManifest, readManifests } from '../../server/manifests.ts';
import { namespaceOfNamed, parseTargets, type Target } from '../../server/targets.ts';
import type { DeleteOptions } from './delete.ts';

/** An object to delete. */
export interface Doomed {
  readonly kind: ServedKind;
  readonly name: string;
  readonly namespace: string | undefined;
}

/** What a command line wants deleted, each object by its name: what was not there when it was asked is not touched. */
export async function findDoomed(
  io: CliIO,
  access: Access,
  kinds: readonly ServedKind[],
  args: readonly string[],
  options: DeleteOptions,
): Promise<Doomed[]> {
  const { filename } = options;
  if (filename !== undefined) {
    if (args.length > 0 || options.all || options.selector !== undefined)
      throw new UsageError('when files are provided by -f, types, names, --all and -l cannot be');
    return findInFiles(io, access, kinds, { ...options, filename });
  }
  if (args.length === 0) throw new UsageError('name what to delete: TYPE NAME, TYPE/NAME, or -f FILE');
  const doomed: Doomed[] = [];
  for (const target of parseTargets(kinds, args)) doomed.push(...(await findTarget(access, target, options)));
  return doomed;
}

async function findTarget(access: Access, { kind, names }: Target, options: DeleteOptions): Promise<Doomed[]> {
  const { all = false, selector } = options;
  if (all && selector !== undefined) throw new UsageError('setting both --all and -l is not allowed');
  if (names.length > 0) {
    if (all || selector !== undefined)
      throw new UsageError('name cannot be provided when a selector, or --all, is specified');
    return names.map((name) => ({ kind, name, namespace: namespaceOfNamed(access.namespace, kind) }));
  }
  if (!all && selector === undefined)
    throw new UsageError('resource(s) were provided, but no name was specified: name them, or use --all or -l');
  const request = { namespace: access.namespace, labelSelector: selector };
  return Array.fromAsync(access.client.each(kind, request), ({ metadata }) => ({
    kind,
    name: metadata.name,
    namespace: metadata.namespace,
  }));
}

async function findInFiles(
  io: CliIO,
  access: Access,
  kinds: readonly ServedKind[],
  options: DeleteOptions & { readonly filename: readonly string[] },
): Promise<Doomed[]> {
  const manifests = await readManifests(io, options.filename);
  return manifests.map(({ object }) => {
    const kind = kindOfManifest(kinds, object);
    const namespace = namespaceOfManifest(kind, object, access.namespace, options.namespace);
    return { kind, name: object.metadata.name ?? '', namespace };
  });
}
