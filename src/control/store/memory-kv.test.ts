import { describeKv } from './kv-contract.ts';
import { MemoryKv } from './memory-kv.ts';

describeKv('MemoryKv', async () => new MemoryKv());
