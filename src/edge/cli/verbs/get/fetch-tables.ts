import { collectionPath, mediaTypes, objectPath } from '#edge/api';
import type { Access } from '../../server/access.ts';
import type { ServedKind } from '../../server/kinds.ts';
import { namespaceOfNamed, type Target } from '../../server/targets.ts';
import type { GetOptions, OnMissing } from './get.ts';
import type { Table } from './table.ts';

const pageSize = 500;

/** The tables of a target: one for each name, or for each page of the list. */
export async function fetchTables(
  access: Access,
  { kind, names }: Target,
  options: GetOptions,
  onMissing: OnMissing,
): Promise<Table[]> {
  if (names.length === 0) return Array.fromAsync(tablePages(access, kind, options));
  const tables: Table[] = [];
  for (const name of names) {
    const path = objectPath(kind, namespaceOfNamed(access.namespace, kind), name);
    try {
      tables.push(await access.client.json<Table>({ method: 'GET', path, accept: mediaTypes.table }));
    } catch (error) {
      onMissing(error);
    }
  }
  return tables;
}

/** A list, page by page. */
export async function* tablePages(
  { client, namespace }: Access,
  kind: ServedKind,
  { selector, fieldSelector }: Pick<GetOptions, 'selector' | 'fieldSelector'>,
): AsyncGenerator<Table> {
  const path = collectionPath(kind, namespace);
  let next: string | undefined;
  do {
    const query = { limit: pageSize, continue: next, labelSelector: selector, fieldSelector };
    const table: Table = await client.json<Table>({ method: 'GET', path, query, accept: mediaTypes.table });
    yield table;
    next = table.metadata.continue;
  } while (next);
}
