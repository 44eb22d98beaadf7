/** Widths that columns have had; passed again, later rows are aligned with the earlier ones. */
export type ColumnWidths = number[];

/**
 * Rows as left-aligned columns three spaces apart, as kubectl prints them. The last column is not padded. Colour codes
 * do not count as width. `widths` is widened to what the rows need.
 */
export function formatColumns(rows: readonly (readonly string[])[], indent = '', widths: ColumnWidths = []): string {
  for (const row of rows) {
    row.forEach((cell, column) => (widths[column] = Math.max(widths[column] ?? 0, visibleWidth(cell))));
  }
  return rows.map((row) => `${indent}${formatRow(row, widths)}\n`).join('');
}

function formatRow(row: readonly string[], widths: ColumnWidths): string {
  return row
    .map((cell, column) =>
      column === row.length - 1 ? cell : cell + ' '.repeat(widths[column]! - visibleWidth(cell) + 3),
    )
    .join('')
    .trimEnd();
}

// eslint-disable-next-line no-control-regex
const colourCodes = /\u001b\[[0-9;]*m/g;

function visibleWidth(cell: string): number {
  return cell.replaceAll(colourCodes, '').length;
}
