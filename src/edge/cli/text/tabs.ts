const padding = 2;

/**
 * Lines with tabs as aligned columns two spaces apart. As in Go's text/tabwriter, which kubectl describes with, a column
 * reaches over neighbouring lines that have it and ends at the first that has not.
 */
export function alignTabs(lines: readonly string[]): string {
  const table = lines.map((line) => line.split('\t'));
  for (let column = 0; table.some((cells) => cells.length - 1 > column); column += 1) alignColumn(table, column);
  return table.map((cells) => `${cells.join('')}\n`).join('');
}

/** Pads the cells of one column, run by run. The last cell of a line ends no column. */
function alignColumn(table: string[][], column: number): void {
  let run: string[][] = [];
  for (const cells of [...table, []]) {
    if (cells.length - 1 > column) {
      run.push(cells);
      continue;
    }
    const width = Math.max(0, ...run.map((each) => each[column]!.length)) + padding;
    for (const each of run) each[column] = each[column]!.padEnd(width);
    run = [];
  }
}
