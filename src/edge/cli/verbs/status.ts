import type { KubeObject } from '#model/objects';
import type { Certificate, ClusterIssuer, Issuer } from '#model/resources';
import { withAccess, type Access, type AccessOptions } from '../access.ts';
import { exitCodes, type ExitCode } from '../exit-codes.ts';
import type { CliIO } from '../io.ts';
import { discoverKinds, findKind } from '../kinds.ts';
import { allReady, formatStatus } from '../status-view.ts';

/** `chancery status`: one screen over all namespaces, or one with -n. Exit code notReady when something is not. */
export async function status(io: CliIO, options: AccessOptions): Promise<ExitCode> {
  const everywhere = { ...options, allNamespaces: options.namespace === undefined };
  return withAccess(io, everywhere, async (access) => {
    const kinds = await discoverKinds(access.client);
    const listAll = <T extends KubeObject>(type: string): Promise<T[]> =>
      Array.fromAsync(
        access.client.each<T>(findKind(kinds, `${type}.cert-manager.io`), { namespace: access.namespace }),
        (object) => ({
          ...object,
          kind: findKind(kinds, `${type}.cert-manager.io`).kind,
        }),
      );
    const view = {
      server: access.server,
      version: await serverVersion(access),
      issuers: [...(await listAll<Issuer>('issuers')), ...(await listAll<ClusterIssuer>('clusterissuers'))],
      certificates: await listAll<Certificate>('certificates'),
    };
    io.out(formatStatus(io, view));
    return allReady(view) ? exitCodes.done : exitCodes.notReady;
  });
}

async function serverVersion({ client }: Access): Promise<string> {
  const { gitVersion } = await client.json<{ gitVersion: string }>({ method: 'GET', path: '/version' });
  return gitVersion.split('+chancery.')[1] ?? gitVersion;
}
