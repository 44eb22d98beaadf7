import { mkdir, realpath, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { replaceFile, type FileAttributes } from './durable.ts';
import type { FileContent, FormerContent } from './file-content.ts';
import { presentAt } from './former.ts';
import { ownerIds, type OwnerIds } from './owner.ts';
import { writePair } from './write-pair.ts';

/** The files whose bytes, mode or owner on the disk are not as they shall be; of a pair all or none. */
export async function differingFiles(files: readonly FileContent[]): Promise<FileContent[]> {
  const isDifferent = await Promise.all(files.map(differs));
  const pairs = new Set(files.flatMap(({ pair }, at) => (pair !== undefined && isDifferent[at] ? [pair] : [])));
  return files.filter(({ pair }, at) => isDifferent[at] || (pair !== undefined && pairs.has(pair)));
}

async function differs({ path, bytes, mode, owner }: FileContent): Promise<boolean> {
  const present = await presentAt(path);
  if (present === undefined || present.mode !== mode || !equal(present.bytes, bytes)) return true;
  if (owner === undefined) return false;
  const { uid, gid } = await ownerIds(owner);
  return present.owner.uid !== uid || (gid !== -1 && present.owner.gid !== gid);
}

const equal = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && Buffer.compare(a, b) === 0;

/** Writes files, each or each pair in one instant; all are on the disk when this resolves. */
export async function writeFiles(files: readonly FileContent[]): Promise<void> {
  const ready = await Promise.all(files.map(async (file) => ({ ...file, owner: await ownerOf(file) })));
  for (const file of ready.filter(({ pair }) => pair === undefined)) {
    // A link that somebody made stays one.
    const path = await realpath(file.path).catch(() => file.path);
    await mkdir(dirname(path), { recursive: true });
    await replaceFile(path, file.bytes, file);
  }
  for (const [name, pair] of Map.groupBy(ready, ({ pair }) => pair)) {
    if (name !== undefined) await writePair(name, pair.toSorted(keyFirst));
  }
}

/** The directory of a pair lies beside the key: whoever reads the key may read it. */
const keyFirst = (a: FileAttributes, b: FileAttributes): number => a.mode - b.mode;

async function ownerOf({ path, owner }: FileContent): Promise<OwnerIds | undefined> {
  if (owner !== undefined) return ownerIds(owner);
  return givenAway((await presentAt(path))?.owner);
}

/** Nobody but root can, or needs to, give files away. */
function givenAway(owner: OwnerIds | undefined): OwnerIds | undefined {
  return process.getuid?.() === 0 ? owner : undefined;
}

/** Puts back what was there before, absence included. */
export async function restoreFiles(former: readonly FormerContent[]): Promise<void> {
  await writeFiles(former.flatMap(({ bytes, ...file }) => (bytes === undefined ? [] : [{ ...file, bytes }])));
  for (const { path, bytes } of former) if (bytes === undefined) await rm(path, { force: true });
}
