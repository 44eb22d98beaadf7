import { readFile, stat } from 'node:fs/promises';
import type { FileContent, FormerContent } from './file-content.ts';
import type { OwnerIds } from './owner.ts';

interface Present {
  readonly bytes: Uint8Array;
  readonly mode: number;
  readonly owner: OwnerIds;
}

/** What lies at `path`, through links; undefined when nothing does. */
export async function presentAt(path: string): Promise<Present | undefined> {
  try {
    const [bytes, { mode, uid, gid }] = await Promise.all([readFile(path), stat(path)]);
    return { bytes, mode: mode & 0o777, owner: { uid, gid } };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** What lies where `files` shall go, so that it can be put back. */
export async function formerContents(files: readonly FileContent[]): Promise<FormerContent[]> {
  return Promise.all(
    files.map(async (file) => {
      const present = await presentAt(file.path);
      if (present === undefined) return { ...file, bytes: undefined };
      const owner = `${present.owner.uid}:${present.owner.gid}`;
      return { ...file, bytes: present.bytes, mode: present.mode, owner };
    }),
  );
}
