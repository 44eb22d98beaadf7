import { randomBytes } from 'node:crypto';
import { open, rename, rm, symlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { OwnerIds } from './owner.ts';

export interface FileAttributes {
  readonly mode: number;
  readonly owner?: OwnerIds | undefined;
}

/** A name beside `path` that nobody else uses. */
export function besides(path: string): string {
  return join(dirname(path), `.${basename(path).slice(0, 80)}.${randomBytes(6).toString('hex')}.tmp`);
}

/** A new file, on the disk when this resolves, with its mode from the first instant on. */
export async function createFile(path: string, bytes: Uint8Array, { mode, owner }: FileAttributes): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(bytes);
    if (owner !== undefined) await file.chown(owner.uid, owner.gid);
    await file.chmod(mode);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Replaces `path` in one instant; a reader sees the old file or the new one, also after a crash. */
export async function replaceFile(path: string, bytes: Uint8Array, attributes: FileAttributes): Promise<void> {
  const temporary = besides(path);
  try {
    await createFile(temporary, bytes, attributes);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await syncDirectory(dirname(path));
}

/** Lets `path` lead to `target` from one instant to the next. */
export async function replaceLink(path: string, target: string): Promise<void> {
  const temporary = besides(path);
  try {
    await symlink(target, temporary);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await syncDirectory(dirname(path));
}

/** What was renamed or created in the directory is there after a crash too. */
export async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
