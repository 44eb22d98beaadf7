import { CodedError, isCoded } from '#errors';
import type { ErrorCause } from '#errors';
import { chanceryKeys, endpointCertificateKind, type EndpointCertificate } from '#model/resources';
import { exitCodes, type ExitCode } from '../../exit-codes.ts';
import { UsageError } from '../../failure.ts';
import { paint, paintErr, type CliIO } from '../../io.ts';
import { withAccess, type Access, type AccessOptions } from '../../server/access.ts';
import { findByAlias, nameOfAlias } from './aliases.ts';
import { readCertificatesAsPEM, type CertificateFileOptions } from './certificate-file.ts';
import { untilProven } from './nodes-proving.ts';

export interface ChangeOptions extends AccessOptions, CertificateFileOptions {
  readonly allowExpired?: boolean;
  /** Wait until the gateway nodes have proven it. */
  readonly wait?: boolean;
  /** Seconds. */
  readonly timeout: number;
}

export interface RemoveOptions extends AccessOptions {
  /** Why what is in use is removed nevertheless. */
  readonly force?: string;
}

/** `chancery endpoint-certs add`: trusts the certificates of a file at one endpoint. */
export async function addEndpointCertificate(
  io: CliIO,
  [alias, endpoint, file]: readonly [string, string, string],
  options: ChangeOptions,
): Promise<ExitCode> {
  const certificate = await readCertificatesAsPEM(io, file, options);
  return withAccess(io, options, async (access) => {
    const namespace = placeOf(access);
    const spec = { alias, endpoint, certificate, ...(options.allowExpired && { allowExpired: true }) };
    const metadata = { name: nameOfAlias(alias), namespace };
    const object = { apiVersion: 'chancery.dev/v1', kind: 'EndpointCertificate', metadata, spec };
    const created = await access.client.create<EndpointCertificate>(endpointCertificateKind, object, {
      namespace,
      onWarning: warnTo(io),
    });
    io.out(`endpoint certificate "${alias}" added for ${endpoint}\n`);
    return options.wait ? proveAt(io, access, created, options) : exitCodes.done;
  });
}

/** `chancery endpoint-certs replace`: other certificates under the same alias. */
export async function replaceEndpointCertificate(
  io: CliIO,
  [alias, file]: readonly [string, string],
  options: ChangeOptions,
): Promise<ExitCode> {
  const certificate = await readCertificatesAsPEM(io, file, options);
  return withAccess(io, options, async (access) => {
    const { metadata } = await findByAlias(access.client, placeOf(access), alias);
    const spec = { certificate, ...(options.allowExpired && { allowExpired: true }) };
    const replaced = await access.client.patch<EndpointCertificate>(
      endpointCertificateKind,
      metadata.name,
      'merge',
      { spec },
      { namespace: metadata.namespace!, onWarning: warnTo(io) },
    );
    const changed = replaced.metadata.generation !== metadata.generation;
    io.out(`endpoint certificate "${alias}" ${changed ? 'replaced' : 'unchanged'}\n`);
    return options.wait ? proveAt(io, access, replaced, options) : exitCodes.done;
  });
}

/** `chancery endpoint-certs remove`: refused while APIs use it, unless a reason is given, which is recorded. */
export async function removeEndpointCertificate(io: CliIO, alias: string, options: RemoveOptions): Promise<ExitCode> {
  if (options.force?.trim() === '') throw new UsageError('--force needs a reason, which is recorded');
  return withAccess(io, options, async (access) => {
    const { metadata } = await findByAlias(access.client, placeOf(access), alias);
    const place = { namespace: metadata.namespace! };
    if (options.force !== undefined) {
      const patch = { metadata: { annotations: { [chanceryKeys.forceDelete]: options.force } } };
      await access.client.patch(endpointCertificateKind, metadata.name, 'merge', patch, place);
    }
    try {
      await access.client.delete(endpointCertificateKind, metadata.name, { ...place, uid: metadata.uid });
    } catch (error) {
      if (!isCoded(error, 'conflict') || error.causes.length === 0) throw error;
      throw stillUsed(alias, error.causes);
    }
    io.out(`endpoint certificate "${alias}" removed\n`);
    return exitCodes.done;
  });
}

function stillUsed(alias: string, causes: readonly ErrorCause[]): CodedError {
  const users = causes.map(({ message }) => `\n  used by ${message}`).join('');
  return new CodedError('conflict', `endpoint certificate "${alias}" is in use${users}`, {
    hint: 'Let these use another first, or give a reason with --force; who did it and why is recorded.',
    causes,
  });
}

async function proveAt(
  io: CliIO,
  { client }: Access,
  certificate: EndpointCertificate,
  { timeout }: ChangeOptions,
): Promise<ExitCode> {
  const startedAt = Date.now();
  const deadline = startedAt + timeout * 1000;
  const { proven, lagging, expected } = await untilProven(client, certificate, deadline, ({ node, endpoint }) =>
    io.out(`  ${paint(io, 'green', 'proven')} by ${node} at ${endpoint} after ${Date.now() - startedAt} ms\n`),
  );
  for (const { node, endpoint, state, message } of lagging) {
    io.err(
      `  ${paintErr(io, 'red', state)} at ${node} for ${endpoint}${message === undefined ? '' : `: ${message}`}\n`,
    );
  }
  if (expected === 0 && proven === 0) io.err('No gateway node uses it: no API has a backend at this endpoint.\n');
  else if (lagging.length === 0 && proven < expected)
    io.err(`${expected - proven} of ${expected} nodes have not reported.\n`);
  return lagging.length > 0 || proven < expected ? exitCodes.failed : exitCodes.done;
}

const warnTo =
  (io: CliIO) =>
  (text: string): void =>
    io.err(`${paintErr(io, 'yellow', 'Warning:')} ${text}\n`);

function placeOf({ namespace }: Access): string {
  return namespace ?? 'default';
}
