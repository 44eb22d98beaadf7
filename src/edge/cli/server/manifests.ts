import { readFile, readdir, stat } from 'node:fs/promises';
import { extname, join, resolve } from 'node:path';
import { CodedError } from '#errors';
import type { Draft } from '#model/objects';
import { UsageError } from '../failure.ts';
import type { CliIO } from '../io.ts';
import type { ServedKind } from './kinds.ts';
import { parseManifests, type ManifestObject } from './parse-manifests.ts';

/**
 * The objects of `paths`: files, folders (their manifests in name order), or `-` for the input. Fails with bad-request,
 * naming file and line, before anything is sent.
 */
export async function readManifests(
  io: Pick<CliIO, 'cwd' | 'readInput'>,
  paths: readonly string[],
): Promise<ManifestObject[]> {
  const objects: ManifestObject[] = [];
  for (const path of paths) {
    for (const file of await filesOf(io, path)) {
      const source = file === '-' ? 'standard input' : file;
      const bytes = file === '-' ? await io.readInput() : await readBytes(resolve(io.cwd, file));
      objects.push(...parseManifests(decode(bytes, source), source));
    }
  }
  if (objects.length === 0)
    throw new CodedError('bad-request', `no objects found in ${paths.join(', ')}`, {
      hint: `Of a folder, the files that end in ${[...manifestEndings].join(', ')} are read.`,
    });
  return objects;
}

const manifestEndings = new Set(['.yaml', '.yml', '.json']);

/** Files as the user would name them. */
async function filesOf({ cwd }: Pick<CliIO, 'cwd'>, path: string): Promise<string[]> {
  if (path === '-') return ['-'];
  const full = resolve(cwd, path);
  const info = await stat(full).catch((cause: unknown) => {
    throw new CodedError('not-found', `the path "${path}" does not exist`, { cause });
  });
  if (!info.isDirectory()) return [path];
  const names = (await readdir(full)).filter((name) => manifestEndings.has(extname(name))).toSorted();
  return names.map((name) => join(path, name));
}

async function readBytes(file: string): Promise<Uint8Array> {
  return readFile(file).catch((cause: unknown) => {
    throw new CodedError('bad-request', `cannot read ${file}: ${(cause as Error).message}`, { cause });
  });
}

function decode(bytes: Uint8Array, source: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new CodedError('bad-request', `${source} is not UTF-8 text`, { cause });
  }
}

/** The namespace an object goes to: its own, else the one that verbs mean. Refused when `demanded` with -n is another. */
export function namespaceOfManifest(
  kind: ServedKind,
  { metadata }: Draft,
  meant: string | undefined,
  demanded: string | undefined,
): string | undefined {
  if (!kind.namespaced) return undefined;
  const own = metadata.namespace ?? undefined;
  if (own === undefined || demanded === undefined || own === demanded) return own ?? meant ?? 'default';
  throw new UsageError(
    `the namespace from the provided object "${own}" does not match the namespace "${demanded}". You must pass '--namespace=${own}' to perform this operation.`,
  );
}
