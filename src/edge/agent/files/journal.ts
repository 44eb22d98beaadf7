import { readFile, rm } from 'node:fs/promises';
import { replaceFile } from './durable.ts';
import type { FileContent, FormerContent } from './file-content.ts';

/** A change of files that has begun: what shall lie there, and what did. */
export interface FileChange {
  readonly before: readonly FormerContent[];
  readonly after: readonly FileContent[];
}

/**
 * The change that is under way, on the disk before its first file is touched and until the server has taken it: who finds
 * it after a crash finishes it or puts back what was there. Holds keys, for the time of a change; mode 0600.
 */
export class Journal {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  async begin({ before, after }: FileChange): Promise<void> {
    const text = JSON.stringify({ before: before.map(packed), after: after.map(packed) });
    await replaceFile(this.#path, Buffer.from(text), { mode: 0o600 });
  }

  /** The change that a run before did not finish. A journal that cannot be read was never begun. */
  async unfinished(): Promise<FileChange | undefined> {
    try {
      const { before, after } = JSON.parse(await readFile(this.#path, 'utf8')) as Record<string, Packed[]>;
      return { before: before!.map(unpacked), after: after!.map(unpacked) as FileContent[] };
    } catch {
      return undefined;
    }
  }

  async end(): Promise<void> {
    await rm(this.#path, { force: true });
  }
}

interface Packed extends Omit<FormerContent, 'bytes'> {
  readonly base64?: string;
}

function packed({ bytes, ...file }: FormerContent): Packed {
  return bytes === undefined ? file : { ...file, base64: Buffer.from(bytes).toString('base64') };
}

function unpacked({ base64, ...file }: Packed): FormerContent {
  return { ...file, bytes: base64 === undefined ? undefined : Buffer.from(base64, 'base64') };
}
