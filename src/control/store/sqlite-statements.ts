import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';

/** A prepared statement whose rows are tuples, which node:sqlite reads faster than objects. */
export interface Query<Row, Arguments extends SQLInputValue[]> {
  get(...values: Arguments): Row | undefined;
  all(...values: Arguments): Row[];
  iterate(...values: Arguments): IterableIterator<Row>;
}

export interface Command<Arguments extends SQLInputValue[]> {
  run(...values: Arguments): unknown;
}

/** The newest row of a key, and its value unless the key is deleted. */
export type Standing = readonly [rev: number, value: Uint8Array | null, terms: string | null];
export type Listed = readonly [key: string, rev: number, value: Uint8Array | null];
export type Logged = readonly [
  rev: number,
  key: string,
  value: Uint8Array | null,
  previousRev: number,
  previousValue: Uint8Array | null,
];
export type Statements = ReturnType<typeof prepareStatements>;

/** Every statement of the store, prepared once. */
export function prepareStatements(database: DatabaseSync) {
  return { ...prepareReads(database), ...prepareWrites(database), ...prepareUpkeep(database) };
}

function prepareReads(database: DatabaseSync) {
  const query = queries(database);
  return {
    standing: query<Standing, [key: string]>(
      'SELECT rev, value, terms FROM log WHERE rev = (SELECT rev FROM current WHERE key = ?)',
    ),
    standingAt: query<Standing, [rev: number]>('SELECT rev, value, terms FROM log WHERE rev = ?'),
    list: query<Listed, [from: string, end: string]>(
      `SELECT c.key, c.rev, (SELECT value FROM log WHERE rev = c.rev) FROM current c
       WHERE c.key >= ? AND c.key < ? ORDER BY c.key`,
    ),
    previousRev: query<readonly [prev: number], [rev: number]>('SELECT prev FROM log WHERE rev = ?'),
    valueAt: query<readonly [value: Uint8Array | null], [rev: number]>('SELECT value FROM log WHERE rev = ?'),
    history: query<Logged, [after: number, upTo: number, from: string, end: string]>(
      `SELECT e.rev, e.key, e.value, p.rev, p.value FROM log e LEFT JOIN log p ON p.rev = e.prev
       WHERE e.rev > ? AND e.rev <= ? AND e.key >= ? AND e.key < ? ORDER BY e.rev`,
    ),
    find: query<readonly [term: string, key: string], [from: string, to: string, limit: number]>(
      'SELECT term, key FROM term WHERE term >= ? AND term < ? ORDER BY term, key LIMIT ?',
    ),
    newest: query<readonly [rev: number | null], []>('SELECT max(rev) FROM log'),
    readNote: query<readonly [value: number | Uint8Array], [name: string]>('SELECT value FROM note WHERE name = ?'),
  };
}

function prepareWrites(database: DatabaseSync) {
  const command = commands(database);
  return {
    append: command<[rev: number, key: string, prev: number, terms: string | null, value: Uint8Array | null]>(
      'INSERT INTO log VALUES (?, ?, ?, ?, ?)',
    ),
    writeNote: command<[name: string, value: number | Uint8Array]>('INSERT OR REPLACE INTO note VALUES (?, ?)'),
    replaceValue: command<[value: Uint8Array, rev: number]>('UPDATE log SET value = ? WHERE rev = ?'),
  };
}

function prepareUpkeep(database: DatabaseSync) {
  const [query, command] = [queries(database), commands(database)];
  return {
    mergeKey: command<[key: string, rev: number]>('INSERT OR REPLACE INTO current VALUES (?, ?)'),
    addTerm: command<[term: string, key: string]>('INSERT OR IGNORE INTO term VALUES (?, ?)'),
    removeTerm: command<[term: string, key: string]>('DELETE FROM term WHERE term = ? AND key = ?'),

    changedRows: query<
      readonly [rev: number, key: string, before: string | null, after: string | null],
      [after: number]
    >(
      `SELECT e.rev, e.key, p.terms, e.terms FROM log e LEFT JOIN log p ON p.rev = e.prev
       WHERE e.rev > ? ORDER BY e.rev`,
    ),

    forgetSuperseded: command<[after: number, upTo: number]>(
      'DELETE FROM log WHERE rev IN (SELECT prev FROM log WHERE rev > ? AND rev <= ?)',
    ),
    deletions: query<readonly [rev: number, key: string], [after: number, upTo: number]>(
      'SELECT rev, key FROM log WHERE rev > ? AND rev <= ? AND value IS NULL',
    ),
    forgetRow: command<[rev: number]>('DELETE FROM log WHERE rev = ?'),
    forgetKey: command<[key: string, rev: number]>('DELETE FROM current WHERE key = ? AND rev = ?'),

    valuesWithStart: query<
      readonly [rev: number, key: string, value: Uint8Array | null],
      [length: number, start: Uint8Array, after: number, limit: number]
    >(
      `SELECT rev, key, CASE WHEN substr(value, 1, ?) = ? THEN value END FROM log
       WHERE rev > ? ORDER BY rev LIMIT ?`,
    ),
  };
}

function queries(database: DatabaseSync) {
  return <Row, Arguments extends SQLInputValue[]>(sql: string): Query<Row, Arguments> =>
    tuples(database.prepare(sql)) as unknown as Query<Row, Arguments>;
}

function commands(database: DatabaseSync) {
  return <Arguments extends SQLInputValue[]>(sql: string): Command<Arguments> => database.prepare(sql);
}

function tuples(statement: StatementSync): StatementSync {
  statement.setReturnArrays(true);
  return statement;
}
