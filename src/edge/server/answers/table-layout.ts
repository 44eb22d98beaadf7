import { compileCell } from '#model/objects';
import type { Cell, Json, KubeObject } from '#model/objects';
import type { Kind, PrinterColumn } from '#model/resources';

/** `columnDefinitions` of a kind's Table, and what fills its rows. */
export interface TableLayout {
  readonly definitions: readonly ColumnDefinition[];
  cells(object: KubeObject, now: Date): Json[];
}

interface ColumnDefinition {
  readonly name: string;
  readonly type: string;
  readonly format: string;
  readonly description: string;
  readonly priority: number;
}

const impliedName: PrinterColumn = {
  name: 'Name',
  type: 'string',
  jsonPath: '.metadata.name',
  format: 'name',
  description: 'Name of the object, unique in its namespace among objects of the same kind.',
};

const layouts = new WeakMap<Kind, TableLayout>();

/** The layout of a kind; its paths are compiled once. */
export function tableLayout(kind: Kind): TableLayout {
  const known = layouts.get(kind);
  if (known !== undefined) return known;
  const layout = compileLayout(kind);
  layouts.set(kind, layout);
  return layout;
}

function compileLayout(kind: Kind): TableLayout {
  const hasName = kind.printerColumns.some(({ name }) => name === impliedName.name);
  const columns = hasName ? kind.printerColumns : [impliedName, ...kind.printerColumns];
  const cells = columns.map(compileColumn);
  return {
    definitions: columns.map(definitionOf),
    cells: (object, now) => cells.map((cell) => cell(object, now)),
  };
}

function definitionOf({ name, type, format, description, priority }: PrinterColumn): ColumnDefinition {
  return { name, type, format: format ?? '', description: description ?? '', priority: priority ?? 0 };
}

function compileColumn(column: PrinterColumn): Cell {
  if (column.cell === undefined) return compileCell(column);
  const render = compileCell({ type: column.type, jsonPath: '.value' });
  return (object, now) => render({ value: column.cell!(object as KubeObject) }, now);
}
