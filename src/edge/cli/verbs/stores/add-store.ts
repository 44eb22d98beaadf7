import type { ApiClient } from '#edge/api';
import { CodedError } from '#errors';
import { keystoreKind, materialSecretTypes, secretKind, truststoreKind } from '#model/resources';
import { readKeystoreMaterial, type KeystoreMaterial, type MaterialFile } from '#pki/material';
import { exitCodes, type ExitCode } from '../../exit-codes.ts';
import { paintErr, type CliIO } from '../../io.ts';
import { readPasswordFile, readUserFile } from '../../read-file.ts';
import { withAccess, type AccessOptions } from '../../server/access.ts';
import { formatColumns } from '../../text/columns.ts';
import { relativeTime } from '../../text/duration.ts';
import { readCertificatesAsPEM } from '../endpoint-certs/certificate-file.ts';

export interface AddKeystoreOptions extends AccessOptions {
  /** A file with the private key, when it is not in the certificate's. */
  readonly key?: string;
  readonly passwordFile?: string;
  readonly keyPasswordFile?: string;
  readonly alias?: string;
  readonly title?: string;
}

export interface AddTruststoreOptions extends AccessOptions {
  readonly passwordFile?: string;
  readonly title?: string;
}

/** `chancery keystores add`: verifies the file here, then keeps it in a Secret that a new Keystore refers to. */
export async function addKeystore(
  io: CliIO,
  name: string,
  file: string,
  options: AddKeystoreOptions,
): Promise<ExitCode> {
  const files = await keystoreFiles(io, file, options);
  const passwords = passwordsOf(io, options);
  const material = readKeystoreMaterial(files, {
    now: io.now(),
    ...passwords,
    ...(options.alias !== undefined && { alias: options.alias }),
  });
  const alias = chosenAlias(material, options);
  return withAccess(io, options, async ({ client, namespace = 'default' }) => {
    await createKeystore(io, client, { namespace, name }, secretData(files, passwords), alias, options.title);
    io.out(`keystore "${name}" added\n${entriesText(io, material, alias)}`);
    return exitCodes.done;
  });
}

async function keystoreFiles(io: CliIO, file: string, { key }: AddKeystoreOptions): Promise<MaterialFile[]> {
  const first = { name: file === '-' ? 'the input' : file, bytes: await readUserFile(io, file) };
  return key === undefined ? [first] : [first, { name: key, bytes: await readUserFile(io, key) }];
}

interface Passwords {
  readonly password?: string;
  readonly keyPassword?: string;
}

function passwordsOf(io: CliIO, { passwordFile, keyPasswordFile }: AddKeystoreOptions): Passwords {
  const password = passwordFile === undefined ? io.env['CHANCERY_PASSWORD'] : readPasswordFile(io, passwordFile);
  return {
    ...(password !== undefined && { password }),
    ...(keyPasswordFile !== undefined && { keyPassword: readPasswordFile(io, keyPasswordFile) }),
  };
}

/** Undefined when there is no choice. */
function chosenAlias({ entries }: KeystoreMaterial, { alias }: AddKeystoreOptions): string | undefined {
  if (alias !== undefined || entries.length === 1) return alias;
  const aliases = entries.map((entry) => entry.alias).join(', ');
  throw new CodedError('bad-request', `the file has ${entries.length} private keys: ${aliases}`, {
    hint: 'Say which one with --alias.',
  });
}

function secretData(files: readonly MaterialFile[], passwords: Passwords): Record<string, string> {
  const keys = files.length === 1 ? ['keystore'] : ['tls.crt', 'tls.key'];
  const entries = files.map(({ bytes }, index) => [keys[index]!, bytes] as const);
  const texts = Object.entries(passwords).map(([key, text]) => [key, Buffer.from(text)] as const);
  return Object.fromEntries([...entries, ...texts].map(([key, bytes]) => [key, Buffer.from(bytes).toString('base64')]));
}

async function createKeystore(
  io: CliIO,
  client: ApiClient,
  { namespace, name }: { namespace: string; name: string },
  data: Readonly<Record<string, string>>,
  alias: string | undefined,
  title: string | undefined,
): Promise<void> {
  const request = { namespace, onWarning: (text: string) => io.err(`${paintErr(io, 'yellow', 'Warning:')} ${text}\n`) };
  const metadata = { name, namespace };
  const secret = { apiVersion: 'v1', kind: 'Secret', metadata, type: materialSecretTypes.keystore, data };
  const { metadata: stored } = await client.create(secretKind, secret, request);
  const spec = {
    secretRef: { name },
    ...(alias !== undefined && { alias }),
    ...(title !== undefined && { title }),
  };
  const keystore = { apiVersion: 'chancery.dev/v1', kind: 'Keystore', metadata, spec };
  try {
    await client.create(keystoreKind, keystore, request);
  } catch (error) {
    await client.delete(secretKind, name, { namespace, uid: stored.uid });
    throw error;
  }
}

function entriesText(io: CliIO, { entries, findings }: KeystoreMaterial, alias: string | undefined): string {
  const meant = entries.filter((entry) => alias === undefined || entry.alias.toLowerCase() === alias.toLowerCase());
  const rows = meant.map(({ alias: own, certificate, missingIssuer }) => [
    own,
    certificate.subjectText,
    relativeTime(certificate.notAfter, io.now()),
    missingIssuer === undefined ? 'complete' : `without the certificate of ${missingIssuer}`,
  ]);
  for (const { message } of findings) io.err(`${paintErr(io, 'yellow', 'Warning:')} ${message}\n`);
  return formatColumns([['ALIAS', 'SUBJECT', 'EXPIRES', 'CHAIN'], ...rows], '  ');
}

/** `chancery truststores add`: the certificates of a file, in the object itself: they are no secret. */
export async function addTruststore(
  io: CliIO,
  name: string,
  file: string,
  options: AddTruststoreOptions,
): Promise<ExitCode> {
  const certificates = await readCertificatesAsPEM(io, file, options);
  return withAccess(io, options, async ({ client, namespace = 'default' }) => {
    const spec = { ...(options.title !== undefined && { title: options.title }), sources: [{ certificates }] };
    const truststore = { apiVersion: 'chancery.dev/v1', kind: 'Truststore', metadata: { name, namespace }, spec };
    await client.create(truststoreKind, truststore, {
      namespace,
      onWarning: (text) => io.err(`${paintErr(io, 'yellow', 'Warning:')} ${text}\n`),
    });
    const count = certificates.split('-----BEGIN').length - 1;
    io.out(`truststore "${name}" added with ${count} ${count === 1 ? 'certificate' : 'certificates'}\n`);
    return exitCodes.done;
  });
}
