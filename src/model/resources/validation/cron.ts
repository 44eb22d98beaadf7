/** One of the five fields of a cron line. */
interface CronField {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  /** Names for the values from `from` on. */
  readonly names: readonly string[];
}

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const weekdays = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

const fields: readonly CronField[] = [
  { name: 'minute', from: 0, to: 59, names: [] },
  { name: 'hour', from: 0, to: 23, names: [] },
  { name: 'day of month', from: 1, to: 31, names: [] },
  { name: 'month', from: 1, to: 12, names: months },
  { name: 'day of week', from: 0, to: 6, names: weekdays },
];

const words = new Set(['@yearly', '@annually', '@monthly', '@weekly', '@daily', '@midnight', '@hourly']);

/**
 * What is wrong with a standard cron line; undefined when nothing is. It has five fields, or is one of the words such as
 * @daily. Fields take `*` or `?`, numbers, names of months and weekdays, ranges, steps and lists; there are no seconds
 * and no years.
 */
export function cronProblem(line: string): string | undefined {
  if (words.has(line)) return undefined;
  const texts = line.trim().split(/\s+/);
  if (texts.length !== fields.length || line.length > 1024) {
    return `expected exactly 5 fields, found ${line.trim() === '' ? 0 : texts.length}: [${texts.slice(0, 8).join(' ')}]`;
  }
  const problems = fields.flatMap((field, index) =>
    texts[index]!.split(',').map((range) => rangeProblem(range, field)),
  );
  return problems.find((problem) => problem !== undefined);
}

/** `*`, `a`, `a-b`, each with an optional `/step`. */
function rangeProblem(text: string, field: CronField): string | undefined {
  const [range = '', step, ...more] = text.split('/');
  if (more.length > 0) return `too many slashes: ${text}`;
  if (step !== undefined && !/^0*[1-9]\d{0,3}$/.test(step)) return `step of range should be a positive number: ${text}`;
  if (Number(step ?? 1) > field.to) return `step of range beyond maximum (${field.to}): ${text}`;
  if (range === '*' || range === '?') return undefined;
  const [start = '', end = start, ...rest] = range.split('-');
  if (rest.length > 0) return `too many hyphens: ${text}`;
  return orderProblem(valueOf(start, field), valueOf(end, field), text, field);
}

function orderProblem(
  start: number | undefined,
  end: number | undefined,
  text: string,
  field: CronField,
): string | undefined {
  if (start === undefined || end === undefined) return `no ${field.name}: ${text}`;
  if (start < field.from) return `beginning of range (${start}) below minimum (${field.from}): ${text}`;
  if (end > field.to) return `end of range (${end}) above maximum (${field.to}): ${text}`;
  return start > end ? `beginning of range (${start}) beyond end of range (${end}): ${text}` : undefined;
}

function valueOf(text: string, field: CronField): number | undefined {
  const named = field.names.indexOf(text.toLowerCase());
  if (named >= 0) return field.from + named;
  return /^\d{1,4}$/.test(text) ? Number(text) : undefined;
}
