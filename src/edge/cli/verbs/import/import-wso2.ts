import { readFileSync } from 'node:fs';
import { dirname, isAbsolute, resolve } from 'node:path';
import { CodedError, isCoded } from '#errors';
import type { Draft } from '#model/objects';
import { readTruststoreMaterial } from '#pki/material';
import { exitCodes, type ExitCode } from '../../exit-codes.ts';
import { reportFailure } from '../../failure.ts';
import { paintErr, type CliIO } from '../../io.ts';
import { withAccess, type Access, type AccessOptions } from '../../server/access.ts';
import { discoverKinds, kindOfManifest, qualifiedSingular, type ServedKind } from '../../server/kinds.ts';
import { parseWSO2Deployment, type StoreFile } from './wso2-deployment.ts';
import { planWSO2Import, type ReadStore } from './wso2-plan.ts';

export interface ImportWSO2Options extends AccessOptions {
  /** Where files without a folder are looked for, besides the places that WSO2 has for them. */
  readonly securityDir?: string;
  readonly prefix: string;
  readonly dryRun?: boolean;
}

const fieldManager = 'chancery-import';

/** `chancery import wso2`: the stores and SSL profiles of a deployment.toml as Keystores, Truststores and profiles. */
export async function importWSO2(io: CliIO, file: string, options: ImportWSO2Options): Promise<ExitCode> {
  const path = resolve(io.cwd, file);
  const deployment = parseWSO2Deployment(readText(path), io.env);
  const folders = storeFolders(io, path, options);
  const read = (store: StoreFile): ReadStore => readStore(store, folders, io.now());
  const { objects, remarks } = planWSO2Import(deployment, read, options.prefix);
  if (objects.length === 0) {
    throw new CodedError('bad-request', `${file} names no keystore, truststore or SSL profile`, {
      hint: 'Give the deployment.toml of the gateway or of the all-in-one server.',
    });
  }
  return withAccess(io, options, async (access) => {
    const kinds = await discoverKinds(access.client);
    let code: ExitCode = exitCodes.done;
    for (const object of objects) {
      try {
        io.out(await applyOne(io, access, kinds, object, options));
      } catch (error) {
        if (!isCoded(error) || isCoded(error, 'unreachable', 'unauthorized')) throw error;
        code = reportFailure(io, error, { place: `${object.kind} ${object.metadata.name}` });
      }
    }
    for (const remark of remarks) io.err(`${paintErr(io, 'yellow', 'Note:')} ${remark}\n`);
    return code;
  });
}

async function applyOne(
  io: CliIO,
  { client, namespace = 'default' }: Access,
  kinds: readonly ServedKind[],
  object: Draft,
  { dryRun = false }: ImportWSO2Options,
): Promise<string> {
  const kind = kindOfManifest(kinds, object);
  const placed = { ...object, metadata: { ...object.metadata, namespace } };
  const { created } = await client.apply(kind, placed, {
    fieldManager,
    fieldValidation: 'Strict',
    dryRun,
    onWarning: (text) => io.err(`${paintErr(io, 'yellow', 'Warning:')} ${text}\n`),
  });
  const done = created ? 'created' : 'configured';
  return `${qualifiedSingular(kind)}/${object.metadata.name} ${done}${dryRun ? ' (server dry run)' : ''}\n`;
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new CodedError('not-found', `cannot read ${path}`, { cause, hint: 'Give a deployment.toml.' });
  }
}

/** Beside the file, and where WSO2 itself looks: `repository/resources/security` next to `repository/conf`. */
function storeFolders(io: CliIO, path: string, { securityDir }: ImportWSO2Options): string[] {
  const conf = dirname(path);
  const given = securityDir === undefined ? [] : [resolve(io.cwd, securityDir)];
  return [...given, conf, resolve(conf, '../resources/security')];
}

function readStore(file: StoreFile, folders: readonly string[], now: Date): ReadStore {
  const bytes = readFirst(file, folders);
  if (!file.place.endsWith('truststore')) return { bytes, certificatesPEM: '' };
  const options = { password: file.password, now };
  const { certificates } = readTruststoreMaterial([{ name: file.location, bytes }], options);
  return { bytes, certificatesPEM: certificates.map(({ certificate }) => certificate.toPEM()).join('') };
}

function readFirst({ location, place }: StoreFile, folders: readonly string[]): Uint8Array {
  const paths = isAbsolute(location) ? [location] : folders.map((folder) => resolve(folder, location));
  for (const path of paths) {
    try {
      return readFileSync(path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
  throw new CodedError('not-found', `the file "${location}" was not found in ${paths.map(dirname).join(', ')}`, {
    field: place,
    hint: 'Say where the files are with --security-dir.',
  });
}
