import { stringify } from 'yaml';
import { collectionPath, mediaTypes, objectPath, type ApiClient } from '#edge/api';
import { CodedError, isCoded } from '#errors';
import type { KubeObject } from '#model/objects';
import { withAccess, type Access, type AccessOptions } from '../access.ts';
import { formatColumns } from '../columns.ts';
import { exitCodes, type ExitCode } from '../exit-codes.ts';
import { reportFailure, UsageError } from '../failure.ts';
import type { CliIO } from '../io.ts';
import { discoverKinds, parseTargets, type ServedKind, type Target } from '../kinds.ts';

export interface GetOptions extends AccessOptions {
  readonly output?: string;
  readonly selector?: string;
  readonly fieldSelector?: string;
  readonly watch?: boolean;
}

/** Rows of a server-rendered table (`meta.k8s.io/v1` Table). */
interface Table {
  readonly metadata: { readonly resourceVersion?: string; readonly continue?: string };
  readonly columnDefinitions: readonly { readonly name: string; readonly priority: number }[];
  readonly rows: readonly {
    readonly cells: readonly unknown[];
    readonly object: { readonly metadata: KubeObject['metadata'] };
  }[];
}

const outputs = ['wide', 'yaml', 'json', 'name'];
const pageSize = 500;

/** `chancery get`: tables as the server renders them, or whole objects. */
export async function get(io: CliIO, args: readonly string[], options: GetOptions): Promise<ExitCode> {
  if (options.output !== undefined && !outputs.includes(options.output)) {
    throw new UsageError(`unknown output "${options.output}": choose one of ${outputs.join(', ')}`);
  }
  return withAccess(io, options, async (access) => {
    const targets = parseTargets(await discoverKinds(access.client), args);
    if (options.watch) return watchTarget(io, access, targets, options);
    if (options.output === undefined || options.output === 'wide') return printTables(io, access, targets, options);
    return printObjects(io, access, targets, options);
  });
}

async function printTables(
  io: CliIO,
  access: Access,
  targets: readonly Target[],
  options: GetOptions,
): Promise<ExitCode> {
  let code: ExitCode = exitCodes.done;
  let printed = 0;
  for (const target of targets) {
    const tables = await fetchTables(access, target, options, (error) => (code = reportFailure(io, error)));
    if (tables.every(({ rows }) => rows.length === 0)) continue;
    if (printed++ > 0) io.out('\n');
    io.out(
      formatTables(tables, target.kind, {
        ...options,
        prefixed: targets.length > 1,
        inNamespaces: access.namespace === undefined,
      }),
    );
  }
  if (printed === 0 && code === exitCodes.done) io.err(`No resources found${scopeText(access, targets)}.\n`);
  return code;
}

function scopeText(access: Access, targets: readonly Target[]): string {
  return access.namespace === undefined || !targets.some(({ kind }) => kind.namespaced)
    ? ''
    : ` in ${access.namespace} namespace`;
}

async function fetchTables(
  access: Access,
  { kind, names }: Target,
  options: GetOptions,
  onMissing: (error: unknown) => void,
): Promise<Table[]> {
  if (names.length === 0) return Array.fromAsync(tablePages(access, kind, options));
  const tables: Table[] = [];
  for (const name of names) {
    const path = objectPath(kind, requireNamespace(access, kind), name);
    try {
      tables.push(await access.client.json<Table>({ method: 'GET', path, accept: mediaTypes.table }));
    } catch (error) {
      if (!isCoded(error, 'not-found')) throw error;
      onMissing(error);
    }
  }
  return tables;
}

async function* tablePages(
  { client, namespace }: Access,
  kind: ServedKind,
  options: GetOptions,
): AsyncGenerator<Table> {
  let next: string | undefined;
  do {
    const query = {
      limit: pageSize,
      continue: next,
      labelSelector: options.selector,
      fieldSelector: options.fieldSelector,
    };
    const table: Table = await client.json<Table>({
      method: 'GET',
      path: collectionPath(kind, namespace),
      query,
      accept: mediaTypes.table,
    });
    yield table;
    next = table.metadata.continue;
  } while (next);
}

interface TableForm {
  readonly output?: string;
  readonly prefixed?: boolean;
  readonly inNamespaces?: boolean;
  readonly noHeaders?: boolean;
}

/** Tables of one kind, one below the other under one heading. */
function formatTables(tables: readonly Table[], kind: ServedKind, form: TableForm): string {
  const columns = tables.find(({ columnDefinitions }) => columnDefinitions?.length > 0)?.columnDefinitions ?? [];
  const shown = columns
    .map(({ priority }, index) => (priority === 0 || form.output === 'wide' ? index : -1))
    .filter((index) => index >= 0);
  const withNamespace = form.inNamespaces === true && kind.namespaced;
  const heading = [
    ...(withNamespace ? ['NAMESPACE'] : []),
    ...shown.map((index) => columns[index]!.name.toUpperCase()),
  ];
  const prefix = form.prefixed ? `${kind.singular}${kind.group === '' ? '' : `.${kind.group}`}/` : '';
  const rows = tables.flatMap((table) =>
    table.rows.map(({ cells, object }) => [
      ...(withNamespace ? [object.metadata.namespace ?? ''] : []),
      ...shown.map((index) => (index === 0 ? prefix : '') + cellText(cells[index])),
    ]),
  );
  return formatColumns(form.noHeaders ? rows : [heading, ...rows]);
}

function cellText(cell: unknown): string {
  if (cell === null || cell === undefined) return '';
  return typeof cell === 'object' ? JSON.stringify(cell) : String(cell as string | number | boolean);
}

async function printObjects(
  io: CliIO,
  access: Access,
  targets: readonly Target[],
  options: GetOptions,
): Promise<ExitCode> {
  const one = targets.length === 1 && targets[0]!.names.length === 1;
  const objects: KubeObject[] = [];
  for (const target of targets) objects.push(...(await fetchObjects(access, target, options)));
  if (options.output === 'name') {
    for (const object of objects) io.out(`${typedName(targets, object)}\n`);
    return exitCodes.done;
  }
  const value = one
    ? objects[0]
    : { apiVersion: 'v1', kind: 'List', metadata: { resourceVersion: '' }, items: objects };
  io.out(options.output === 'json' ? `${JSON.stringify(value, undefined, 4)}\n` : stringify(value, { lineWidth: 0 }));
  return exitCodes.done;
}

async function fetchObjects(access: Access, { kind, names }: Target, options: GetOptions): Promise<KubeObject[]> {
  if (names.length > 0) {
    const namespace = requireNamespace(access, kind);
    return Promise.all(names.map((name) => access.client.get(kind, name, namespace)));
  }
  const { namespace } = access;
  const objects: KubeObject[] = [];
  const request = { namespace, labelSelector: options.selector, fieldSelector: options.fieldSelector };
  for await (const object of access.client.each(kind, request)) {
    objects.push({ ...object, apiVersion: apiVersionOf(kind), kind: kind.kind });
  }
  return objects;
}

function apiVersionOf({ group, version }: ServedKind): string {
  return group === '' ? version : `${group}/${version}`;
}

function typedName(targets: readonly Target[], object: KubeObject): string {
  const kind = targets.find(({ kind }) => kind.kind === object.kind)?.kind;
  const type =
    kind === undefined ? object.kind.toLowerCase() : `${kind.singular}${kind.group === '' ? '' : `.${kind.group}`}`;
  return `${type}/${object.metadata.name}`;
}

/** The namespace that a named object is looked for in. */
export function requireNamespace({ namespace }: Pick<Access, 'namespace'>, kind: ServedKind): string | undefined {
  if (!kind.namespaced) return undefined;
  if (namespace === undefined) throw new UsageError('a name needs a namespace: leave -A out, or name one with -n');
  return namespace;
}

async function watchTarget(
  io: CliIO,
  access: Access,
  targets: readonly Target[],
  options: GetOptions,
): Promise<ExitCode> {
  const [target] = targets;
  if (targets.length !== 1 || target!.names.length > 1)
    throw new UsageError('--watch takes one resource type, with one name at most');
  const { kind, names } = target!;
  if (options.output === 'json' || options.output === 'yaml')
    throw new UsageError('--watch prints tables; leave -o out or use -o wide');
  await followTable(io, access, kind, names[0], options);
  return exitCodes.done;
}

async function followTable(
  io: CliIO,
  access: Access,
  kind: ServedKind,
  name: string | undefined,
  options: GetOptions,
): Promise<void> {
  const fieldSelector = name === undefined ? options.fieldSelector : `metadata.name=${name}`;
  const form = { ...options, inNamespaces: access.namespace === undefined };
  let resourceVersion: string | undefined;
  for await (const table of tablePages(access, kind, { ...options, fieldSelector })) {
    io.out(formatTables([table], kind, { ...form, noHeaders: resourceVersion !== undefined }));
    resourceVersion = table.metadata.resourceVersion;
  }
  const events = watchTables(access.client, kind, {
    access,
    fieldSelector,
    resourceVersion,
    options,
    signal: io.signal,
  });
  for await (const table of events) io.out(formatTables([table], kind, { ...form, noHeaders: true }));
}

interface TableWatch {
  readonly access: Access;
  readonly fieldSelector: string | undefined;
  readonly resourceVersion: string | undefined;
  readonly options: GetOptions;
  readonly signal: AbortSignal;
}

/** Only the first event of a table watch names its columns; later ones repeat them here. */
async function* watchTables(client: ApiClient, kind: ServedKind, watch: TableWatch): AsyncGenerator<Table> {
  let columnDefinitions: Table['columnDefinitions'] = [];
  const request = {
    namespace: watch.access.namespace,
    labelSelector: watch.options.selector,
    fieldSelector: watch.fieldSelector,
    resourceVersion: watch.resourceVersion,
    accept: mediaTypes.table,
    signal: watch.signal,
  };
  for await (const { type, object } of client.watch(kind, request)) {
    if (type === 'BOOKMARK') continue;
    const table = object as unknown as Table;
    if (table.columnDefinitions?.length > 0) columnDefinitions = table.columnDefinitions;
    yield { ...table, columnDefinitions };
  }
  if (!watch.signal.aborted) throw new CodedError('unreachable', 'the server ended the watch');
}
