import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parse, stringify } from 'yaml';
import { CodedError } from '#errors';

/** What one context of a kubeconfig says: where the server is, whom to trust, and who the client is. PEM texts. */
export interface KubeconfigAccess {
  readonly server: string;
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly token?: string;
  readonly namespace?: string;
  readonly serverName?: string;
}

/** Names of cluster, user and context in a kubeconfig that Chancery writes. */
const entryName = 'chancery';

/** Text of a kubeconfig with one context. Holds a private key or token: write it with mode 0600. */
export function formatKubeconfig(access: KubeconfigAccess): string {
  const cluster = {
    server: access.server,
    'certificate-authority-data': encode(access.ca),
    'tls-server-name': access.serverName,
  };
  const user = {
    'client-certificate-data': encode(access.cert),
    'client-key-data': encode(access.key),
    token: access.token,
  };
  const context = { cluster: entryName, user: entryName, namespace: access.namespace };
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: entryName, cluster: defined(cluster) }],
    users: [{ name: entryName, user: defined(user) }],
    contexts: [{ name: entryName, context: defined(context) }],
    'current-context': entryName,
  });
}

function encode(pem: string | undefined): string | undefined {
  return pem === undefined ? undefined : Buffer.from(pem).toString('base64');
}

function defined(entries: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(entries).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

type Fields = Record<string, string | undefined>;
interface KubeconfigFile {
  readonly clusters?: readonly { readonly name: string; readonly cluster: Fields }[];
  readonly users?: readonly { readonly name: string; readonly user: Fields }[];
  readonly contexts?: readonly { readonly name: string; readonly context: Fields }[];
  readonly 'current-context'?: string;
}

/**
 * Reads one context (default: the current one). File references are read relative to `path`, the file's own place.
 * Fails with bad-request.
 */
export function parseKubeconfig(text: string, path: string, contextName?: string): KubeconfigAccess {
  const file = parseFile(text, path);
  const wanted = contextName ?? file['current-context'];
  const context = file.contexts?.find(({ name }) => name === wanted)?.context;
  if (context === undefined) throw malformed(path, `has no context "${wanted ?? ''}"`);
  const cluster = file.clusters?.find(({ name }) => name === context['cluster'])?.cluster;
  if (cluster?.['server'] === undefined) throw malformed(path, `has no server for the context "${wanted}"`);
  const user = file.users?.find(({ name }) => name === context['user'])?.user ?? {};
  return accessOf(cluster, user, context, dirname(path));
}

function parseFile(text: string, path: string): KubeconfigFile {
  try {
    const file = parse(text) as KubeconfigFile | null;
    if (typeof file === 'object' && file !== null) return file;
  } catch (cause) {
    throw malformed(path, `is not YAML: ${(cause as Error).message.split('\n')[0]}`);
  }
  throw malformed(path, 'is not a kubeconfig');
}

function malformed(path: string, what: string): CodedError {
  return new CodedError('bad-request', `${path} ${what}`, {
    field: path,
    hint: 'Give the kubeconfig that the server wrote into its data directory.',
  });
}

function accessOf(cluster: Fields, user: Fields, context: Fields, folder: string): KubeconfigAccess {
  return {
    server: cluster['server']!,
    ...pick('ca', material(cluster, 'certificate-authority', folder)),
    ...pick('cert', material(user, 'client-certificate', folder)),
    ...pick('key', material(user, 'client-key', folder)),
    ...pick('token', user['token'] ?? readToken(user['tokenFile'], folder)),
    ...pick('namespace', context['namespace']),
    ...pick('serverName', cluster['tls-server-name']),
  };
}

function pick<K extends string>(key: K, value: string | undefined): { [P in K]?: string } {
  return (value === undefined ? {} : { [key]: value }) as { [P in K]?: string };
}

function material(fields: Fields, name: string, folder: string): string | undefined {
  const inline = fields[`${name}-data`];
  if (inline !== undefined) return Buffer.from(inline, 'base64').toString();
  return readReferenced(fields[name], folder);
}

function readToken(path: string | undefined, folder: string): string | undefined {
  return readReferenced(path, folder)?.trim();
}

function readReferenced(path: string | undefined, folder: string): string | undefined {
  if (path === undefined) return undefined;
  try {
    return readFileSync(resolve(folder, path), 'utf8');
  } catch (cause) {
    throw new CodedError('bad-request', `cannot read ${path}, which the kubeconfig refers to`, { field: path, cause });
  }
}
