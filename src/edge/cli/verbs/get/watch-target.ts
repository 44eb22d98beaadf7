import type { KubeObject } from '#model/objects';
import { mediaTypes, type WatchEvent } from '#edge/api';
import { exitCodes, type ExitCode } from '../../exit-codes.ts';
import { UsageError } from '../../failure.ts';
import type { CliIO } from '../../io.ts';
import type { Access } from '../../server/access.ts';
import { qualifiedSingular, type ServedKind } from '../../server/kinds.ts';
import { namespaceOfNamed, type Target } from '../../server/targets.ts';
import type { ColumnWidths } from '../../text/columns.ts';
import { formatValue } from '../../text/object-text.ts';
import { tablePages } from './fetch-tables.ts';
import type { GetOptions } from './get.ts';
import { shownObject } from './print-objects.ts';
import { formatTables, type Table } from './table.ts';

/** Shows what there is, and every change after it, until it is stopped. */
export async function watchTarget(
  io: CliIO,
  access: Access,
  targets: readonly Target[],
  options: GetOptions,
): Promise<ExitCode> {
  const [target] = targets;
  if (targets.length !== 1 || target!.names.length > 1)
    throw new UsageError('you may only specify a single resource type, with one name at most, with --watch');
  const { kind, names } = target!;
  const [name] = names;
  if (name !== undefined) await access.client.get(kind, name, namespaceOfNamed(access.namespace, kind));
  const selected = name === undefined ? options : { ...options, fieldSelector: `metadata.name=${name}` };
  const print = options.output === undefined || options.output === 'wide' ? followTable : followObjects;
  await print(io, access, kind, selected);
  return exitCodes.done;
}

async function followTable(io: CliIO, access: Access, kind: ServedKind, options: GetOptions): Promise<void> {
  const widths: ColumnWidths = [];
  const form = { wide: options.output === 'wide', typed: false, withNamespace: access.namespace === undefined, widths };
  let columnDefinitions: Table['columnDefinitions'] = [];
  let resourceVersion: string | undefined;
  let withHeading = options.headers !== false;
  const print = (table: Table): void => {
    if (table.columnDefinitions?.length > 0) ({ columnDefinitions } = table);
    if (table.rows.length === 0) return;
    io.out(formatTables([{ ...table, columnDefinitions }], kind, { ...form, withHeading }));
    withHeading = false;
  };
  for await (const table of tablePages(access, kind, options)) {
    print(table);
    ({ resourceVersion } = table.metadata);
  }
  // Only the first event of a watch names its columns.
  const events = follow(io, access, kind, options, resourceVersion, mediaTypes.table);
  for await (const { object } of events) print(object as unknown as Table);
}

async function followObjects(io: CliIO, access: Access, kind: ServedKind, options: GetOptions): Promise<void> {
  const { output } = options;
  let printed = 0;
  for await (const { object } of follow(io, access, kind, options)) {
    if (output !== 'json' && output !== 'yaml') {
      io.out(`${qualifiedSingular(kind)}/${object.metadata.name}\n`);
      continue;
    }
    if (output === 'yaml' && printed++ > 0) io.out('---\n');
    io.out(formatValue(shownObject(object, kind, options), output));
  }
}

/** Changes without end: servers end a watch after a while, and it is taken up where it ended. */
async function* follow(
  io: CliIO,
  access: Access,
  kind: ServedKind,
  options: GetOptions,
  from?: string,
  accept?: string,
): AsyncGenerator<WatchEvent> {
  let resourceVersion = from;
  const { namespace } = access;
  const selection = { namespace, labelSelector: options.selector, fieldSelector: options.fieldSelector };
  const request = { ...selection, allowWatchBookmarks: true, signal: io.signal, ...(accept && { accept }) };
  while (!io.signal.aborted) {
    for await (const event of access.client.watch(kind, { ...request, resourceVersion })) {
      resourceVersion = versionOf(event.object) ?? resourceVersion;
      if (event.type !== 'BOOKMARK') yield event;
    }
  }
}

/** Of an object, or of a table with one row. */
function versionOf(object: KubeObject | Table): string | undefined {
  if ('rows' in object) return object.rows[0]?.object.metadata.resourceVersion ?? object.metadata.resourceVersion;
  return object.metadata.resourceVersion;
}
