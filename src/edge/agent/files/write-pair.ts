import { mkdir, mkdtemp, lstat, readdir, readlink, rm, chmod } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { createFile, replaceLink, syncDirectory, type FileAttributes } from './durable.ts';
import { presentAt } from './former.ts';

export interface PairFile extends FileAttributes {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/**
 * Replaces several files in one instant. They lie in a directory of their own, beside the first; each path is a link
 * through one link to that directory, and that one link is swapped: whoever opens any of the paths, before or after,
 * finds files that belong together. Plain files that were at the paths are moved behind links first, unchanged.
 */
export async function writePair(name: string, files: readonly PairFile[]): Promise<void> {
  const place = pairPlace(name, files);
  if (!(await areLinked(place, files))) await putBehindLinks(place, files);
  const directory = await writeVersion(place, files);
  await replaceLink(place.link, basename(directory));
  await removeOthers(place, directory);
}

interface PairPlace {
  /** The link that is swapped. */
  readonly link: string;
  /** What the directories of all versions begin with. */
  readonly prefix: string;
}

function pairPlace(name: string, [first]: readonly PairFile[]): PairPlace {
  const link = join(dirname(first!.path), `.chancery-${name}`);
  // No name of an entry has a tilde in it.
  return { link, prefix: `${link}~` };
}

/** Two files may have the same name in different directories. */
const memberOf = (at: number, { path }: PairFile): string => `${at}-${basename(path)}`;

const targetOf = ({ link }: PairPlace, at: number, file: PairFile): string =>
  join(relative(dirname(file.path), link), memberOf(at, file));

async function areLinked(place: PairPlace, files: readonly PairFile[]): Promise<boolean> {
  const links = await Promise.all(
    files.map(async (file, at) => (await readlink(file.path).catch(() => '')) === targetOf(place, at, file)),
  );
  return links.every(Boolean) && (await isThere(place.link));
}

async function isThere(path: string): Promise<boolean> {
  return (await lstat(path).catch(() => undefined)) !== undefined;
}

/** What is there now, read through new links: nothing changes for who reads it. */
async function putBehindLinks(place: PairPlace, files: readonly PairFile[]): Promise<void> {
  const present = await Promise.all(files.map(({ path }) => presentAt(path)));
  const former = files.flatMap((file, at) => {
    const one = present[at];
    return [one === undefined ? file : { ...file, ...one }];
  });
  // A part alone is worth nothing: with one of them missing, the new ones come at once.
  const directory = await writeVersion(place, present.every((one) => one !== undefined) ? former : files);
  await replaceLink(place.link, basename(directory));
  for (const [at, file] of files.entries()) {
    await mkdir(dirname(file.path), { recursive: true });
    await replaceLink(file.path, targetOf(place, at, file));
  }
}

async function writeVersion({ prefix }: PairPlace, files: readonly PairFile[]): Promise<string> {
  await mkdir(dirname(prefix), { recursive: true });
  const directory = await mkdtemp(prefix);
  // Who may read the files is said by their own modes.
  await chmod(directory, 0o755);
  for (const [at, file] of files.entries()) await createFile(join(directory, memberOf(at, file)), file.bytes, file);
  await syncDirectory(directory);
  await syncDirectory(dirname(directory));
  return directory;
}

async function removeOthers({ prefix }: PairPlace, current: string): Promise<void> {
  const folder = dirname(prefix);
  const others = (await readdir(folder)).filter(
    (entry) => entry.startsWith(basename(prefix)) && entry !== basename(current),
  );
  await Promise.all(others.map((entry) => rm(join(folder, entry), { recursive: true, force: true })));
}
