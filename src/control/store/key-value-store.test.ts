import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SqliteKv } from './sqlite-kv.ts';
import { KeyValueStore } from './key-value-store.ts';
import { MemoryKv } from './memory-kv.ts';
import { partsOf } from './open.ts';
import { describeResourceStore } from './resource-store-contract.ts';

const flip = (_key: string, bytes: Uint8Array): Uint8Array => bytes.map((byte) => byte ^ 0x5a);
const cipher = { seal: flip, open: flip };

describeResourceStore('KeyValueStore over MemoryKv', async (options) => {
  const kv = new MemoryKv();
  return { kv, store: new KeyValueStore({ ...partsOf(options), kv, cipher, exclusive: true }) };
});

describeResourceStore('KeyValueStore over a kv that is not atomic and that others write as well', async (options) => {
  const kv = Object.defineProperty(new MemoryKv(), 'atomic', { value: false });
  return { kv, store: new KeyValueStore({ ...partsOf(options), kv, cipher, exclusive: false }) };
});

describeResourceStore('KeyValueStore over SqliteKv', async (options) => {
  const directory = await mkdtemp(join(tmpdir(), 'chancery-store-'));
  const kv = SqliteKv.open(join(directory, 'test.db'));
  const onClose = () => rm(directory, { recursive: true });
  return { kv, store: new KeyValueStore({ ...partsOf(options), kv, cipher, exclusive: true, onClose }) };
});
