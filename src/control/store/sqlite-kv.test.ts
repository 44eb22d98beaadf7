import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { describeKv } from './kv-contract.ts';
import { SqliteKv } from './sqlite-kv.ts';

const directory = mkdtempSync(join(tmpdir(), 'chancery-kv-'));
after(() => rmSync(directory, { recursive: true }));

let opened = 0;
const fresh = () => join(directory, `${opened++}.db`);

describeKv('SqliteKv', async () => SqliteKv.open(fresh()));
describeKv('SqliteKv that remembers no events', async () => SqliteKv.open(fresh(), { recentBytes: 0 }));
