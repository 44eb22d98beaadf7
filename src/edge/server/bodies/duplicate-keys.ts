/**
 * Paths of the fields that a JSON text gives more than once, in the order met: `spec.dnsNames`, `spec.items[0].name`.
 * The text must be known to parse and to nest within bounds. Slow: called only when counting has shown that there are
 * some.
 */
export function findDuplicateKeys(text: string, limit = 20): string[] {
  const found: string[] = [];
  readValue({ text, at: 0 }, '', found);
  return [...new Set(found)].slice(0, limit);
}

/** A path is shown to a person; keys may be as long as the body. */
const pathCharacters = 256;

interface Cursor {
  readonly text: string;
  at: number;
}

const structural = /[{}[\]",]/g;
const blank = /[\s,:]*/y;

function readValue(cursor: Cursor, path: string, found: string[]): void {
  skip(cursor);
  const first = cursor.text[cursor.at];
  if (first === '{') readObject(cursor, path, found);
  else if (first === '[') readArray(cursor, path, found);
  else if (first === '"') readString(cursor);
  else skipScalar(cursor);
}

function readObject(cursor: Cursor, path: string, found: string[]): void {
  const keys = new Set<string>();
  cursor.at += 1;
  for (skip(cursor); cursor.text[cursor.at] !== '}'; skip(cursor)) {
    const key = readString(cursor);
    const place = path === '' ? key : `${path}.${key}`;
    if (keys.has(key)) found.push(place.slice(0, pathCharacters));
    keys.add(key);
    readValue(cursor, place, found);
  }
  cursor.at += 1;
}

function readArray(cursor: Cursor, path: string, found: string[]): void {
  cursor.at += 1;
  let index = 0;
  for (skip(cursor); cursor.text[cursor.at] !== ']'; skip(cursor)) {
    readValue(cursor, `${path}[${index}]`, found);
    index += 1;
  }
  cursor.at += 1;
}

function readString(cursor: Cursor): string {
  const start = cursor.at;
  cursor.at += 1;
  while (cursor.text[cursor.at] !== '"') cursor.at += cursor.text[cursor.at] === '\\' ? 2 : 1;
  cursor.at += 1;
  return JSON.parse(cursor.text.slice(start, cursor.at)) as string;
}

function skipScalar(cursor: Cursor): void {
  structural.lastIndex = cursor.at;
  cursor.at = structural.exec(cursor.text)?.index ?? cursor.text.length;
}

function skip(cursor: Cursor): void {
  blank.lastIndex = cursor.at;
  blank.exec(cursor.text);
  cursor.at = blank.lastIndex;
}
