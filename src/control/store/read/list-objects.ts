import { CodedError } from '#errors';
import type { KubeObject } from '#model/objects';
import { revisionTooLarge } from '../failures.ts';
import type { Kv } from '../kv.ts';
import type { ObjectReader } from '../object-reader.ts';
import { parseRevision } from '../revision.ts';
import type { ListOptions, ListResult, Ref } from '../resource-store.ts';
import { encodeContinue, parseContinue } from './continue-token.ts';
import { findIndexed } from './find-indexed.ts';
import { readPages } from './pages.ts';
import { compileSelection } from './selection.ts';
import type { CompiledSelection } from './selection.ts';

interface Start {
  /** 0: the newest. */
  readonly at: number;
  readonly after: string;
}

/** A list as the API defines it: selectors, pages, revisions, index. */
export async function listObjects(kv: Kv, reader: ObjectReader, ref: Ref, options: ListOptions): Promise<ListResult> {
  const selection = compileSelection(ref, options);
  const start = await startOf(kv, selection, options);
  const limit = options.limit || Infinity;
  const { index } = options;
  if (index !== undefined) return findIndexed(kv, reader, { ref, selection, index, after: start.after, limit });
  if (selection.key !== undefined) return listOne(kv, reader, ref, { ...selection, key: selection.key, at: start.at });
  return collect(kv, reader, { ref, selection, start, limit });
}

async function collect(
  kv: Kv,
  reader: ObjectReader,
  request: { ref: Ref; selection: CompiledSelection; start: Start; limit: number },
): Promise<ListResult> {
  const { ref, selection, start, limit } = request;
  const items: KubeObject[] = [];
  let revision = start.at;
  let rest: string | undefined;
  for await (const page of readPages(kv, reader, { kind: ref.kind, selection, ...start, limit })) {
    revision = page.revision;
    for (const object of page.objects) items.push(object);
    rest = page.more ? page.last : undefined;
  }
  const resourceVersion = String(revision);
  if (rest === undefined) return { resourceVersion, items };
  return { resourceVersion, items, continue: encodeContinue({ at: revision, after: rest }, selection.prefix) };
}

async function listOne(
  kv: Kv,
  reader: ObjectReader,
  ref: Ref,
  { key, at, matches }: CompiledSelection & { key: string; at: number },
): Promise<ListResult> {
  // Of all keys that start with `key`, it sorts first itself.
  const { rev, entries } = await kv.list(key, { limit: 1, ...(at > 0 && { at }) });
  const object = entries[0]?.key === key ? reader.decodeListed(ref.kind, entries[0]) : undefined;
  const isMatch = object !== undefined && (matches === undefined || matches(object));
  return { resourceVersion: String(at || rev), items: isMatch ? [object] : [] };
}

/** Kubernetes' table of resourceVersion, resourceVersionMatch, limit and continue. */
async function startOf(kv: Kv, selection: CompiledSelection, options: ListOptions): Promise<Start> {
  const asked = parseRevision(options.resourceVersion);
  if (options.continue !== undefined && options.continue !== '') return continuedAt(options, asked, selection.prefix);
  if (options.match === 'Exact' && asked === 0) {
    throw new CodedError('bad-request', 'resourceVersionMatch "Exact" is forbidden without a resourceVersion', {
      field: 'resourceVersionMatch',
    });
  }
  if (asked === 0) return { at: 0, after: '' };
  if (options.match === 'Exact' || (options.match === undefined && options.limit)) return { at: asked, after: '' };
  const { rev } = await kv.get(selection.prefix);
  if (asked > rev) throw revisionTooLarge(asked, rev);
  return { at: 0, after: '' };
}

function continuedAt(options: ListOptions, asked: number, prefix: string): Start {
  if (asked !== 0 || options.match !== undefined) {
    throw new CodedError('bad-request', 'specifying resource version is not allowed when using continue', {
      field: 'resourceVersion',
    });
  }
  return parseContinue(options.continue!, prefix);
}
