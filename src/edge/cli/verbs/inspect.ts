import { existsSync, readFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { stringify } from 'yaml';
import { CodedError } from '#errors';
import type { Secret } from '#model/resources';
import { inspect as inspectSources, type Inspection, type Source } from '#pki/inspect';
import { withAccess, type AccessOptions } from '../access.ts';
import { dial, parseEndpoint } from '../dial.ts';
import { exitCodes, type ExitCode } from '../exit-codes.ts';
import { UsageError } from '../failure.ts';
import { formatInspection } from '../inspection-view.ts';
import type { CliIO } from '../io.ts';
import { discoverKinds, findKind } from '../kinds.ts';

export interface InspectOptions extends AccessOptions {
  readonly output?: string;
  readonly passwordFile?: string;
  readonly serverName?: string;
}

/** What to look at, and remarks on how it was found. */
interface Found {
  readonly sources: readonly Source[];
  readonly heading: string;
}

/** `chancery inspect`: a file, the input, a Secret, or what a TLS server shows. Exit code failed when something is broken. */
export async function inspect(io: CliIO, what: string, options: InspectOptions): Promise<ExitCode> {
  const { sources, heading } = await find(io, what, options);
  const inspection = inspectSources(sources, { now: io.now(), password: passwordOf(io, options) });
  if (options.output === undefined) io.out(heading + formatInspection(io, inspection));
  else if (options.output === 'json') io.out(`${JSON.stringify(inspection, undefined, 2)}\n`);
  else if (options.output === 'yaml') io.out(stringify(JSON.parse(JSON.stringify(inspection)), { lineWidth: 0 }));
  else throw new UsageError(`unknown output "${options.output}": choose one of json, yaml`);
  return isBroken(inspection) ? exitCodes.failed : exitCodes.done;
}

function isBroken({ warnings }: Inspection): boolean {
  return warnings.some(({ severity }) => severity === 'error');
}

async function find(io: CliIO, what: string, options: InspectOptions): Promise<Found> {
  if (what === '-')
    return { sources: [{ name: 'standard input', bytes: Buffer.from(await io.readInput(), 'latin1') }], heading: '' };
  const path = resolve(io.cwd, what);
  if (existsSync(path)) return { sources: [{ name: basename(path), bytes: readFileSync(path) }], heading: '' };
  const endpoint = parseEndpoint(what);
  if (endpoint !== undefined) return findAtServer(io, { ...endpoint, serverName: options.serverName ?? endpoint.host });
  const secret = /^(?:secrets?\/)?([a-z0-9][-a-z0-9.]*)$/.exec(what)?.[1];
  if (secret === undefined)
    throw new CodedError('not-found', `no file "${what}"`, { hint: 'Give a FILE, secret/NAME, or HOST:PORT.' });
  return findInSecret(io, secret, what, options);
}

async function findAtServer(io: CliIO, endpoint: Parameters<typeof dial>[0]): Promise<Found> {
  const { source, protocol, cipher, verdict } = await dial(endpoint, io.signal);
  return {
    sources: [source],
    heading: `${source.name}: ${protocol}, ${cipher}; by this machine's trust store: ${verdict}\n`,
  };
}

/** Keys of a Secret that hold what can be inspected; others, such as `password`, are passed over. */
const inspectable = /\.(crt|pem|key|der|p12|pfx|jks|csr|cer)$/;

async function findInSecret(io: CliIO, name: string, what: string, options: InspectOptions): Promise<Found> {
  return withAccess(io, options, async ({ client, namespace }) => {
    const kind = findKind(await discoverKinds(client), 'secrets');
    const secret = await client.get<Secret>(kind, name, namespace ?? 'default');
    const sources = Object.entries(secret.data ?? {})
      .filter(([key]) => inspectable.test(key))
      .map(([key, value]) => ({ name: key, bytes: Buffer.from(value, 'base64') }));
    if (sources.length === 0) throw new CodedError('not-found', `${what} holds no certificate, key or keystore`);
    return { sources, heading: `Secret ${namespace}/${name}\n` };
  });
}

/** Never an argument: a command line can be read by everybody on the machine. */
function passwordOf(io: CliIO, { passwordFile }: InspectOptions): string | undefined {
  if (passwordFile === undefined) return io.env['CHANCERY_PASSWORD'];
  return readFileSync(resolve(io.cwd, passwordFile), 'utf8').replace(/\r?\n$/, '');
}
