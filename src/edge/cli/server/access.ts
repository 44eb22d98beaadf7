import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { CodedError } from '#errors';
import { openClient, parseKubeconfig, type ApiClient } from '#edge/api';
import type { CliIO } from '../io.ts';

export interface AccessOptions {
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly dataDir?: string;
  readonly namespace?: string;
  readonly allNamespaces?: boolean;
}

/** One server, and the namespace that a verb means when it names none; undefined = all namespaces. */
export interface Access {
  readonly client: ApiClient;
  readonly server: string;
  readonly namespace: string | undefined;
}

/**
 * The server that `options` and the environment name: `--kubeconfig`, `CHANCERY_KUBECONFIG`, the data directory's own
 * file, `KUBECONFIG`, in this order. Fails with bad-request when there is none.
 */
function openAccess(io: Pick<CliIO, 'env' | 'cwd'>, options: AccessOptions): Access {
  const path = kubeconfigPath(io, options);
  const access = parseKubeconfig(readKubeconfig(path), path, options.context);
  const client = openClient({ ...access, userAgent: 'chancery-cli' });
  const namespace = options.allNamespaces ? undefined : (options.namespace ?? access.namespace ?? 'default');
  return { client, server: access.server, namespace };
}

/** Runs `verb` with a client that is closed after it, and when the user stops the program. */
export async function withAccess<T>(
  io: Pick<CliIO, 'env' | 'cwd' | 'signal'>,
  options: AccessOptions,
  verb: (access: Access) => Promise<T>,
): Promise<T> {
  const access = openAccess(io, options);
  const close = (): void => access.client.close();
  io.signal.addEventListener('abort', close, { once: true });
  try {
    return await verb(access);
  } finally {
    io.signal.removeEventListener('abort', close);
    access.client.close();
  }
}

function kubeconfigPath({ env, cwd }: Pick<CliIO, 'env' | 'cwd'>, options: AccessOptions): string {
  const named = options.kubeconfig ?? env['CHANCERY_KUBECONFIG'];
  if (named !== undefined) return resolve(cwd, named);
  const own = resolve(cwd, join(options.dataDir ?? '.chancery', 'kubeconfig'));
  if (existsSync(own) || options.dataDir !== undefined || env['KUBECONFIG'] === undefined) return own;
  return resolve(cwd, env['KUBECONFIG']);
}

function readKubeconfig(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new CodedError('unreachable', `no kubeconfig at ${path}`, {
      hint: "Start a server with 'chancery up', or name its file with --kubeconfig.",
      cause,
    });
  }
}
