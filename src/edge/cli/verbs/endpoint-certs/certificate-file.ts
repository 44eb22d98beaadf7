import { readTruststoreMaterial } from '#pki/material';
import type { CliIO } from '../../io.ts';
import { readPasswordFile, readUserFile } from '../../read-file.ts';

export interface CertificateFileOptions {
  readonly passwordFile?: string;
}

/**
 * The certificates of a file in any format, as PEM, in the order of the file. Read here and not by the server, so that a
 * keystore's password never leaves this machine.
 */
export async function readCertificatesAsPEM(
  io: CliIO,
  file: string,
  { passwordFile }: CertificateFileOptions,
): Promise<string> {
  const shown = file === '-' ? 'the input' : file;
  const bytes = await readUserFile(io, file);
  const password = passwordFile === undefined ? io.env['CHANCERY_PASSWORD'] : readPasswordFile(io, passwordFile);
  const options = { now: io.now(), ...(password !== undefined && { password }) };
  return readTruststoreMaterial([{ name: shown, bytes }], options)
    .certificates.map(({ certificate }) => certificate.toPEM())
    .join('');
}
