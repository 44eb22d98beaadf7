import { randomBytes } from 'node:crypto';
import { open } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { ApiClient } from '#edge/api';
import { CodedError } from '#errors';
import { resolveKeystore, resolveTruststore, type Lookup, type ObjectPlace, type Outcome } from '#model/stores';
import { writeKeystoreMaterial, writeTruststoreMaterial, type WriteOptions, type WrittenFormat } from '#pki/material';
import { exitCodes, type ExitCode } from '../../exit-codes.ts';
import { UsageError } from '../../failure.ts';
import type { CliIO } from '../../io.ts';
import { readPasswordFile } from '../../read-file.ts';
import { withAccess, type AccessOptions } from '../../server/access.ts';
import { withFetched } from './fetching-lookup.ts';

export const storeFormats = {
  pem: 'PEM',
  der: 'DER',
  p12: 'PKCS12',
  jks: 'JKS',
  jceks: 'JCEKS',
} as const satisfies Record<string, WrittenFormat>;

export type StoreKind = 'keystore' | 'truststore';

export interface ExportOptions extends AccessOptions {
  readonly format: keyof typeof storeFormats;
  readonly passwordFile?: string;
  /** The file to write; of DER, the folder. */
  readonly output: string;
}

type WrittenFiles = ReturnType<typeof writeKeystoreMaterial>;

/** `chancery keystores export`, `chancery truststores export`: the store as a file that other servers read. */
export async function exportStore(io: CliIO, kind: StoreKind, name: string, options: ExportOptions): Promise<ExitCode> {
  const writing = writeOptions(io, options);
  return withAccess(io, options, async ({ client, namespace = 'default' }) => {
    const files = await filesOf(client, kind, { namespace, name }, writing);
    if (files.length > 1 && options.format !== 'der') throw new UsageError('this format has one file');
    for (const file of files) {
      const path = resolve(io.cwd, options.output, ...(options.format === 'der' ? [file.name] : []));
      await writePrivately(path, file.bytes);
      io.out(`${kind} "${name}" written to ${path}\n`);
    }
    return exitCodes.done;
  });
}

function writeOptions(io: CliIO, { format, passwordFile }: ExportOptions): WriteOptions {
  const password = passwordFile === undefined ? io.env['CHANCERY_PASSWORD'] : readPasswordFile(io, passwordFile);
  return { format: storeFormats[format], password, random: randomBytes, now: io.now() };
}

async function filesOf(
  client: ApiClient,
  kind: StoreKind,
  place: ObjectPlace,
  writing: WriteOptions,
): Promise<WrittenFiles> {
  const fetched = <T>(decide: (lookup: Lookup) => Outcome<T>): Promise<T> => withFetched(client, decide).then(valueOf);
  if (kind === 'keystore') {
    const { entry } = await fetched((lookup) => resolveKeystore(lookup, place, writing.now));
    return writeKeystoreMaterial([entry], writing);
  }
  const { certificates } = await fetched((lookup) => resolveTruststore(lookup, place, writing.now));
  return writeTruststoreMaterial(certificates, writing);
}

function valueOf<T>(outcome: Outcome<T>): T {
  if (outcome.ok) return outcome.value;
  const { message, hint } = outcome.problem;
  throw new CodedError('not-found', message, hint === undefined ? {} : { hint });
}

/** Keys are for the owner's eyes; an existing file is not written over, for it may be the only copy of a key. */
async function writePrivately(path: string, bytes: Uint8Array): Promise<void> {
  try {
    const file = await open(path, 'wx', 0o600);
    try {
      await file.writeFile(bytes);
    } finally {
      await file.close();
    }
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') {
      throw new CodedError('already-exists', `${path} is there already`, {
        hint: 'Choose another name, or remove it.',
      });
    }
    throw new CodedError('bad-request', `cannot write ${path}: ${message}`, { cause: error });
  }
}
