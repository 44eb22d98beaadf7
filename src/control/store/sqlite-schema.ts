/** Written in the header of the file, so that a database of another program is refused: "Chcy". */
export const applicationId = 0x43_68_63_79;
export const schemaVersion = 1;

/** Measured: 8 KiB pages hold three 2 KB values each, and beat 4 and 16 KiB at groups of 64 and of 256 changes. */
export const pageSize = 8192;

/**
 * `log` is the truth: one row a revision; `prev` is the row that it superseded, a deletion being a row without a value.
 * `current` points at the newest row of each key, of deleted keys too until they are compacted: so a state of the past
 * is found by walking back along `prev`, and `log` needs no second index. `current` and `term` are indexes of the log
 * up to the revision in the note `merged`.
 */
export const createTables = `
  CREATE TABLE log (rev INTEGER PRIMARY KEY, key TEXT NOT NULL, prev INTEGER NOT NULL, terms TEXT, value BLOB);
  CREATE TABLE current (key TEXT PRIMARY KEY, rev INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE term (term TEXT NOT NULL, key TEXT NOT NULL, PRIMARY KEY (term, key)) WITHOUT ROWID;
  CREATE TABLE note (name TEXT PRIMARY KEY, value NOT NULL) WITHOUT ROWID;
  INSERT INTO note VALUES ('compacted', 0), ('merged', 0);
  PRAGMA application_id = ${applicationId};
  PRAGMA user_version = ${schemaVersion};
`;
