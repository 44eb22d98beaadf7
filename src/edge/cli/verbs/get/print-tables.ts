import type { CliIO } from '../../io.ts';
import type { Access } from '../../server/access.ts';
import type { ServedKind } from '../../server/kinds.ts';
import { noneFound, type Target } from '../../server/targets.ts';
import { fetchTables } from './fetch-tables.ts';
import type { GetOptions, OnMissing } from './get.ts';
import { formatTables, type Table } from './table.ts';

interface Fetched {
  readonly kind: ServedKind;
  readonly tables: readonly Table[];
}

/** A table for each type that has objects; names have their type in front when several types were found. */
export async function printTables(
  io: CliIO,
  access: Access,
  targets: readonly Target[],
  options: GetOptions,
  onMissing: OnMissing,
): Promise<void> {
  const fetched: Fetched[] = [];
  for (const target of targets)
    fetched.push({ kind: target.kind, tables: await fetchTables(access, target, options, onMissing) });
  const answered = fetched.filter(({ tables }) => tables.length > 0);
  const filled = answered.filter(({ tables }) => tables.some(({ rows }) => rows.length > 0));
  const form = {
    wide: options.output === 'wide',
    typed: new Set(answered.map(({ kind }) => kind)).size > 1,
    withNamespace: access.namespace === undefined,
    withHeading: options.headers !== false,
  };
  io.out(filled.map(({ kind, tables }) => formatTables(tables, kind, form)).join('\n'));
  if (filled.length === 0 && answered.length > 0 && !options.ignoreNotFound)
    io.err(
      noneFound(
        access.namespace,
        targets.map(({ kind }) => kind),
      ),
    );
}
