import type { Json, KubeObject } from '#model/objects';
import { qualifiedSingular, type ServedKind } from '../../server/kinds.ts';
import { formatColumns, type ColumnWidths } from '../../text/columns.ts';

/** Rows as the server renders them (`meta.k8s.io/v1` Table). */
export interface Table {
  readonly metadata: { readonly resourceVersion?: string; readonly continue?: string };
  readonly columnDefinitions: readonly { readonly name: string; readonly priority: number }[];
  readonly rows: readonly {
    readonly cells: readonly (Json | undefined)[];
    readonly object: { readonly metadata: KubeObject['metadata'] };
  }[];
}

export interface TableForm {
  /** Whether columns of low priority are shown too. */
  readonly wide: boolean;
  /** Whether names have their type in front, because several types are shown. */
  readonly typed: boolean;
  readonly withNamespace: boolean;
  readonly withHeading: boolean;
  /** Widths of what was printed before it, when it goes on below. */
  readonly widths?: ColumnWidths;
}

/** Tables of one kind, one below the other under one heading. */
export function formatTables(tables: readonly Table[], kind: ServedKind, form: TableForm): string {
  const columns = tables.find(({ columnDefinitions }) => columnDefinitions?.length > 0)?.columnDefinitions ?? [];
  const shown = columns.flatMap(({ priority }, index) => (priority === 0 || form.wide ? [index] : []));
  const inNamespaces = form.withNamespace && kind.namespaced;
  const heading = [...(inNamespaces ? ['NAMESPACE'] : []), ...shown.map((index) => columns[index]!.name.toUpperCase())];
  const prefix = form.typed ? `${qualifiedSingular(kind)}/` : '';
  const rows = tables.flatMap((table) =>
    table.rows.map(({ cells, object }) => [
      ...(inNamespaces ? [object.metadata.namespace ?? ''] : []),
      ...shown.map((index) => (index === 0 ? prefix : '') + cellText(cells[index])),
    ]),
  );
  return formatColumns(form.withHeading ? [heading, ...rows] : rows, '', form.widths);
}

function cellText(cell: Json | undefined): string {
  if (cell === null || cell === undefined) return '';
  return typeof cell === 'object' ? JSON.stringify(cell) : String(cell);
}
