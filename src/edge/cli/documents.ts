import { readFile, readdir, stat } from 'node:fs/promises';
import { extname, join, resolve } from 'node:path';
import { parseAllDocuments, parseDocument, LineCounter } from 'yaml';
import { CodedError } from '#errors';
import type { Draft } from '#model/objects';
import type { CliIO } from './io.ts';

const manifestEndings = new Set(['.yaml', '.yml', '.json']);

/** One object of a manifest, and where it stands, for error messages. */
export interface ManifestObject {
  readonly object: Draft;
  /** `file.yaml, document 3 (line 41)` */
  readonly place: string;
}

/**
 * The objects of `paths`: files, folders (their manifests in name order), or `-` for the input. `List` objects are
 * unfolded. Fails with bad-request, naming file and line, before anything is sent.
 */
export async function readManifests(
  io: Pick<CliIO, 'cwd' | 'readInput'>,
  paths: readonly string[],
): Promise<ManifestObject[]> {
  const objects: ManifestObject[] = [];
  for (const path of paths) {
    for (const file of await expand(io, path)) {
      const text = file === '-' ? await io.readInput() : await readText(file);
      objects.push(...parseManifests(text, file === '-' ? 'standard input' : path === file ? path : file));
    }
  }
  if (objects.length === 0) throw new CodedError('bad-request', `no objects found in ${paths.join(', ')}`);
  return objects;
}

/** The objects of one text; YAML with many documents, or JSON. */
export function parseManifests(text: string, source: string): ManifestObject[] {
  const lineCounter = new LineCounter();
  const documents = parseAllDocuments(text, { lineCounter, uniqueKeys: true, maxAliasCount: 100 } as never);
  return (documents as ReturnType<typeof parseDocument>[]).flatMap((document, index) => {
    const line = lineCounter.linePos(document.contents?.range?.[0] ?? document.range?.[0] ?? 0).line;
    const place = `${source}, document ${index + 1} (line ${line})`;
    const problem = document.errors[0];
    if (problem !== undefined) throw new CodedError('bad-request', problem.message, { field: place });
    const value = toValue(document, place);
    return value === null ? [] : unfold(value, place);
  });
}

function toValue(document: ReturnType<typeof parseDocument>, place: string): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch (cause) {
    throw new CodedError('bad-request', (cause as Error).message, { field: place, cause });
  }
}

function unfold(value: unknown, place: string): ManifestObject[] {
  if (!isObject(value)) throw new CodedError('bad-request', 'a manifest must be an object', { field: place });
  if (value['kind'] === 'List' && Array.isArray(value['items']))
    return value['items'].flatMap((item) => unfold(item, place));
  for (const field of ['apiVersion', 'kind']) {
    if (typeof value[field] !== 'string') throw missing(field, place);
  }
  const metadata = value['metadata'];
  if (!isObject(metadata) || typeof (metadata['name'] ?? metadata['generateName']) !== 'string')
    throw missing('metadata.name', place);
  return [{ object: value as unknown as Draft, place }];
}

function missing(field: string, place: string): CodedError {
  return new CodedError('bad-request', `${field} is missing`, { field: place, hint: `Set ${field} in that document.` });
}

async function expand(io: Pick<CliIO, 'cwd'>, path: string): Promise<string[]> {
  if (path === '-') return ['-'];
  const full = resolve(io.cwd, path);
  const info = await stat(full).catch((cause: unknown) => {
    throw new CodedError('not-found', `the path "${path}" does not exist`, { cause });
  });
  if (!info.isDirectory()) return [full];
  const names = (await readdir(full)).filter((name) => manifestEndings.has(extname(name))).toSorted();
  return names.map((name) => join(full, name));
}

async function readText(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((cause: unknown) => {
    throw new CodedError('bad-request', `cannot read ${file}`, { cause });
  });
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
