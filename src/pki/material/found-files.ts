import { findMaterial } from './find-material.ts';
import type { Access } from './find-material.ts';
import type { Finding } from './finding.ts';
import type { FoundCertificate, FoundFile, FoundKey } from './found.ts';
import { assertCount } from './der-file.ts';
import { sizeLimits, tooLarge } from './limits.ts';
import type { MaterialFile, MaterialFormat, MaterialOptions } from './material.ts';

/** Several files as one. */
export interface FoundMaterial {
  readonly format: MaterialFormat;
  readonly keys: readonly FoundKey[];
  /** Without those of the keys' own chains. */
  readonly certificates: readonly FoundCertificate[];
  /** What is to be said of the files whatever they are for. */
  readonly findings: readonly Finding[];
}

const defaultWorkLimit = 8_000_000;

/** Reads each file. Errors as `findMaterial`; `material-unfit` for no file, `material-too-large` for more than 64. */
export function findAll(
  files: readonly (Uint8Array | MaterialFile)[],
  options: MaterialOptions,
  keys: Access['keys'],
): FoundMaterial {
  if (files.length > sizeLimits.files) throw tooLarge(`At most ${sizeLimits.files} files are read together.`);
  const { password, keyPassword, workLimit = defaultWorkLimit } = options;
  const access = { password, keyPassword, workLimit: Math.floor(workLimit / Math.max(1, files.length)), keys };
  const found = named(files).map((file) => findMaterial(file, access));
  const certificates = found.flatMap((file) => file.certificates);
  assertCount(certificates.length, '');
  return {
    format: found[0]?.format ?? 'PEM',
    keys: found.flatMap((file) => file.keys),
    certificates,
    findings: found.flatMap(fileFindings),
  };
}

/** Files without a name are told apart by their position where there are several. */
function named(files: readonly (Uint8Array | MaterialFile)[]): MaterialFile[] {
  return files.map((file, i) =>
    file instanceof Uint8Array ? { name: files.length === 1 ? '' : `file ${i + 1}`, bytes: file } : file,
  );
}

function fileFindings({ ignored, unchecked }: FoundFile): Finding[] {
  const others = ignored.map(({ place, what }): Finding => ({
    severity: 'info',
    code: 'ignored',
    message: `It holds a ${what}, which was left out.`,
    entry: place,
  }));
  if (unchecked === undefined) return others;
  const message = 'It was read without its password, so nothing vouches that it is as it was written.';
  return [{ severity: 'info', code: 'password-not-checked', message, entry: unchecked }, ...others];
}

/** A finding for each certificate that stands in the files a second time. */
export function duplicateFindings(certificates: readonly FoundCertificate[]): Finding[] {
  const first = new Map<string, string>();
  return certificates.flatMap(({ place, certificate: { fingerprint } }) => {
    const earlier = first.get(fingerprint);
    if (earlier === undefined) first.set(fingerprint, place);
    if (earlier === undefined) return [];
    return [
      { severity: 'warning', code: 'duplicate', message: `It is the same as ${earlier}.`, entry: place } as const,
    ];
  });
}
