import { readFileSync, statSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { CodedError } from '#errors';
import type { Secret } from '#model/resources';
import type { Source } from '#pki/inspect';
import type { CliIO } from '../../io.ts';
import { withAccess } from '../../server/access.ts';
import { discoverKinds, findKind } from '../../server/kinds.ts';
import { dial, type Connection } from './dial.ts';
import { parseEndpoint, type Endpoint } from './endpoint.ts';
import type { InspectOptions } from './inspect.ts';

/** What to look at, and how it was come by. */
export interface Subject {
  readonly sources: readonly Source[];
  readonly heading: string;
  readonly connection?: Connection;
}

/** What `what` names: `-`, a file, `secret/NAME`, `HOST:PORT`, or the bare name of a Secret. A file wins. */
export async function findSubject(io: CliIO, what: string, options: InspectOptions): Promise<Subject> {
  if (what === '-') return { sources: [{ name: 'standard input', bytes: await io.readInput() }], heading: '' };
  const bytes = readIfFile(resolve(io.cwd, what));
  if (bytes !== undefined) return { sources: [{ name: basename(what), bytes }], heading: '' };
  const endpoint = parseEndpoint(what);
  if (endpoint !== undefined) return findAtServer(io, { ...endpoint, serverName: options.serverName ?? endpoint.host });
  const secret = /^(?:secrets?\/)?([a-z0-9][-a-z0-9.]*)$/.exec(what)?.[1];
  if (secret === undefined) throw nothingThere(what);
  return findInSecret(io, secret, what, options);
}

function nothingThere(what: string, cause?: unknown): CodedError {
  const hint = 'Give a FILE, - for the input, secret/NAME, or HOST:PORT.';
  return new CodedError('not-found', `no file "${what}"`, { hint, cause });
}

function readIfFile(path: string): Uint8Array | undefined {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) return undefined;
  if (found.isDirectory())
    throw new CodedError('bad-request', `${path} is a folder`, { hint: 'Give one of its files.' });
  try {
    return readFileSync(path);
  } catch (cause) {
    throw new CodedError('bad-request', `cannot read ${path}: ${(cause as Error).message}`, { cause });
  }
}

async function findAtServer(io: CliIO, endpoint: Endpoint): Promise<Subject> {
  const { source, connection } = await dial(endpoint, io.signal);
  const { protocol, cipher, verdict, interrupted } = connection;
  const broken = interrupted === undefined ? '' : `The handshake did not end well: ${interrupted}\n`;
  return {
    sources: [source],
    connection,
    heading: `${source.name}: ${protocol}, ${cipher}; by this machine's trust store: ${verdict}\n${broken}\n`,
  };
}

/** Keys of a Secret that hold what can be inspected; others, such as `password`, are passed over. */
const inspectable = /\.(crt|pem|key|der|p12|pfx|jks|csr|cer)$/;

async function findInSecret(io: CliIO, name: string, what: string, options: InspectOptions): Promise<Subject> {
  // A word without a slash may well be a mistyped file, and is worth a request only where there is a server.
  const isSure = what.includes('/');
  try {
    return await withAccess(io, options, async ({ client, namespace = 'default' }) => {
      const kind = findKind(await discoverKinds(client), 'secrets');
      const secret = await client.get<Secret>(kind, name, namespace);
      return subjectOfSecret(secret, `Secret ${namespace}/${name}`);
    });
  } catch (error) {
    if (isSure) throw error;
    throw nothingThere(`${what}", and no Secret "${name}`, error);
  }
}

function subjectOfSecret({ data = {} }: Secret, title: string): Subject {
  const sources = Object.entries(data)
    .filter(([key, value]) => inspectable.test(key) && value !== '')
    .map(([key, value]) => ({ name: key, bytes: Buffer.from(value, 'base64') }));
  if (sources.length > 0) return { sources, heading: `${title}\n` };
  const keys = Object.keys(data).join(', ') || 'none';
  throw new CodedError('not-found', `${title} holds no certificate, key or keystore; its keys: ${keys}`);
}
