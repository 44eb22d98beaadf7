import { isCoded } from '#errors';
import { exitCodes, type ExitCode } from '../../exit-codes.ts';
import { reportFailure, UsageError } from '../../failure.ts';
import type { CliIO } from '../../io.ts';
import { openProgress } from '../../progress.ts';
import { withAccess, type Access, type AccessOptions } from '../../server/access.ts';
import { discoverKinds, findKind, qualifiedSingular, type ServedKind } from '../../server/kinds.ts';
import { trigger, type CertificateName } from './trigger.ts';

export interface RenewOptions extends AccessOptions {
  readonly all?: boolean;
  readonly selector?: string;
  /** NAME, or KIND/NAME. */
  readonly issuer?: string;
  readonly output?: 'name';
}

/** `chancery renew`: asks for new certificates now; the loops do the rest. */
export async function renew(io: CliIO, names: readonly string[], options: RenewOptions): Promise<ExitCode> {
  requireOneWay(names, options);
  const fieldSelector = options.issuer === undefined ? undefined : issuerSelector(options.issuer);
  return withAccess(io, options, async (access) => {
    const kind = findKind(await discoverKinds(access.client), 'certificates.cert-manager.io');
    const found = await findCertificates(access, kind, names, fieldSelector, options);
    if (found.length === 0)
      io.err(`No Certificates found${access.namespace ? ` in ${access.namespace} namespace` : ''}.\n`);
    return renewAll(io, access, kind, found, options);
  });
}

async function renewAll(
  io: CliIO,
  { client }: Access,
  kind: ServedKind,
  certificates: readonly CertificateName[],
  { output }: RenewOptions,
): Promise<ExitCode> {
  const progress = openProgress(io);
  let code: ExitCode = exitCodes.done;
  for (const [index, certificate] of certificates.entries()) {
    const { name, namespace } = certificate;
    try {
      await trigger(client, kind, certificate, io.now);
      progress.clear();
      if (output === 'name') io.out(`${qualifiedSingular(kind)}/${name}\n`);
      else io.out(`Manually triggered issuance of Certificate ${namespace}/${name}\n`);
    } catch (error) {
      progress.clear();
      if (!isCoded(error) || isCoded(error, 'unreachable', 'unauthorized')) throw error;
      code = reportFailure(io, error);
    }
    progress.show(`${index + 1} of ${certificates.length} certificates`);
  }
  progress.clear();
  return code;
}

function requireOneWay(names: readonly string[], options: RenewOptions): void {
  const ways = [names.length > 0, options.all === true, options.selector !== undefined || options.issuer !== undefined];
  const chosen = ways.filter(Boolean).length;
  if (chosen === 1) return;
  throw new UsageError(
    chosen === 0
      ? 'name Certificates, or choose them with -l or --issuer, or take --all of the namespace'
      : 'names, --all and the selectors (-l, --issuer) exclude each other',
  );
}

const issuerKinds: Readonly<Record<string, string>> = { issuer: 'Issuer', clusterissuer: 'ClusterIssuer' };

/** The field selector for `my-ca`, `issuer/my-ca` or `clusterissuer/my-ca`. */
export function issuerSelector(text: string): string {
  const [first, name, ...rest] = text.split('/');
  if (name === undefined) return `spec.issuerRef.name=${first}`;
  const kind = issuerKinds[first!.toLowerCase()];
  if (kind === undefined || name === '' || rest.length > 0)
    throw new UsageError(`"${text}" is not an issuer: use NAME, issuer/NAME or clusterissuer/NAME`);
  return `spec.issuerRef.name=${name},spec.issuerRef.kind=${kind}`;
}

async function findCertificates(
  { client, namespace }: Access,
  kind: ServedKind,
  names: readonly string[],
  fieldSelector: string | undefined,
  { selector }: RenewOptions,
): Promise<CertificateName[]> {
  if (names.length > 0) {
    if (namespace === undefined) throw new UsageError('a name needs a namespace: leave -A out, or use -n');
    return names.map((name) => ({ name, namespace }));
  }
  const all = client.each(kind, { namespace, labelSelector: selector, fieldSelector });
  return Array.fromAsync(all, ({ metadata }) => ({ name: metadata.name, namespace: metadata.namespace ?? 'default' }));
}
