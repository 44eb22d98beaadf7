import type { Json } from '../object.ts';
import { parseTimestamp } from '../values/timestamps.ts';
import { humanAge } from './human-duration.ts';
import { compileJsonPath } from './json-path.ts';

/** What of a printer column decides its cells. */
export interface CellColumn {
  readonly type: 'string' | 'integer' | 'boolean' | 'date' | 'number';
  readonly jsonPath: string;
}

/** Renders one column of one object; null where the path leads nowhere or to a value of another type. */
export type Cell = (object: object, now: Date) => Json;

/**
 * The renderer of a printer column. Dates come out as ages, since clients do not render them: `5m3s`, `<unknown>` for
 * null, `<invalid>` for texts that are no time. Compile once for each column. Fails with bad-request on a path that is
 * not in the subset.
 */
export function compileCell(column: CellColumn): Cell {
  const find = compileJsonPath(column.jsonPath);
  return (object, now) => {
    const value = find(object)[0];
    return value === undefined ? null : render(column.type, value, now);
  };
}

function render(type: CellColumn['type'], value: Json, now: Date): Json {
  if (type === 'date') return dateCell(value, now);
  if (value === null) return null;
  if (type === 'string') return typeof value === 'string' ? value : JSON.stringify(value);
  if (type === 'boolean') return typeof value === 'boolean' ? value : null;
  if (typeof value !== 'number') return null;
  return type === 'integer' ? Math.trunc(value) : value;
}

function dateCell(value: Json, now: Date): Json {
  if (value === null || value === '') return '<unknown>';
  if (typeof value !== 'string') return null;
  const time = parseTimestamp(value);
  return time === undefined ? '<invalid>' : humanAge(time, now);
}
