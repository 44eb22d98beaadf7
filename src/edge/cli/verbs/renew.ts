import type { ApiClient } from '#edge/api';
import { isCoded } from '#errors';
import type { Condition } from '#model/objects';
import type { Certificate } from '#model/resources';
import { withAccess, type Access, type AccessOptions } from '../access.ts';
import { exitCodes, type ExitCode } from '../exit-codes.ts';
import { reportFailure, UsageError } from '../failure.ts';
import type { CliIO } from '../io.ts';
import { discoverKinds, findKind, type ServedKind } from '../kinds.ts';

export interface RenewOptions extends AccessOptions {
  readonly all?: boolean;
  readonly selector?: string;
  readonly issuer?: string;
}

/**
 * `chancery renew`: asks for a new certificate now, as cert-manager's own tool does: by an Issuing condition with the
 * reason ManuallyTriggered. The loops do the rest.
 */
export async function renew(io: CliIO, names: readonly string[], options: RenewOptions): Promise<ExitCode> {
  requireOneWay(names, options);
  return withAccess(io, options, async (access) => {
    const kind = findKind(await discoverKinds(access.client), 'certificates.cert-manager.io');
    const certificates = await findCertificates(access, kind, names, options);
    if (certificates.length === 0)
      io.err(`No Certificates found${access.namespace === undefined ? '' : ` in ${access.namespace} namespace`}.\n`);
    let code: ExitCode = exitCodes.done;
    for (const { name, namespace } of certificates) {
      code = (await renewOne(io, access.client, kind, name, namespace)) ? code : exitCodes.failed;
    }
    return code;
  });
}

function requireOneWay(names: readonly string[], options: RenewOptions): void {
  const ways = [names.length > 0, options.all === true, options.selector !== undefined || options.issuer !== undefined];
  const chosen = ways.filter(Boolean).length;
  if (chosen === 1) return;
  throw new UsageError(
    chosen === 0
      ? 'please either supply one or more Certificate resource names, label selectors (-l), an issuer (--issuer), or use the --all flag to renew all Certificate resources'
      : 'names, --all and the selectors (-l, --issuer) exclude each other',
  );
}

interface CertificateName {
  readonly name: string;
  readonly namespace: string;
}

async function findCertificates(
  access: Access,
  kind: ServedKind,
  names: readonly string[],
  options: RenewOptions,
): Promise<CertificateName[]> {
  if (names.length > 0) {
    const { namespace } = access;
    if (namespace === undefined) throw new UsageError('a name needs a namespace: leave -A out, or name one with -n');
    return names.map((name) => ({ name, namespace }));
  }
  const request = {
    namespace: access.namespace,
    labelSelector: options.selector,
    fieldSelector: options.issuer === undefined ? undefined : `spec.issuerRef.name=${options.issuer}`,
  };
  const found: CertificateName[] = [];
  for await (const { metadata } of access.client.each<Certificate>(kind, request)) {
    found.push({ name: metadata.name, namespace: metadata.namespace ?? 'default' });
  }
  return found;
}

const attempts = 5;

async function renewOne(
  io: CliIO,
  client: ApiClient,
  kind: ServedKind,
  name: string,
  namespace: string,
): Promise<boolean> {
  try {
    await trigger(io, client, kind, name, namespace, attempts);
    io.out(`Manually triggered issuance of Certificate ${namespace}/${name}\n`);
    return true;
  } catch (error) {
    if (!isCoded(error) || isCoded(error, 'unreachable', 'unauthorized')) throw error;
    reportFailure(io, error);
    return false;
  }
}

/** The loops write the same status, so a lost race is tried again on what they wrote. */
async function trigger(
  io: CliIO,
  client: ApiClient,
  kind: ServedKind,
  name: string,
  namespace: string,
  left: number,
): Promise<void> {
  const certificate = await client.get<Certificate>(kind, name, namespace);
  const conditions = ((certificate.status?.conditions ?? []) as Condition[]).filter(({ type }) => type !== 'Issuing');
  conditions.push({
    type: 'Issuing',
    status: 'True',
    reason: 'ManuallyTriggered',
    message: 'Certificate re-issuance manually triggered',
    lastTransitionTime: `${io.now().toISOString().slice(0, 19)}Z`,
    observedGeneration: certificate.metadata.generation,
  });
  try {
    const next = { ...certificate, status: { ...certificate.status, conditions } } as Certificate;
    await client.update(kind, next, { namespace, subresource: 'status', fieldManager: 'chancery' });
  } catch (error) {
    if (!isCoded(error, 'conflict') || left <= 1) throw error;
    await trigger(io, client, kind, name, namespace, left - 1);
  }
}
