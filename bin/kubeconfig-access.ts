import { readFileSync } from 'node:fs';
import { parseKubeconfig, type ClientAccess } from '#edge/api';
import { CodedError } from '#errors';

/** How to reach the API by a kubeconfig, which is read at each call: identities in it are renewed. */
export function kubeconfigAccess(path: string, userAgent = 'chancery-gateway'): () => ClientAccess {
  return () => ({ ...parseKubeconfig(read(path), path), userAgent, maxSockets: 32 });
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new CodedError('bad-request', `cannot read the kubeconfig ${path}`, {
      field: path,
      hint: "Name the file gateway.kubeconfig that 'chancery up' writes into its data directory.",
      cause,
    });
  }
}
