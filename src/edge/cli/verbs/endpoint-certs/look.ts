import { endpointCertificateKind, gatewayNodeKind, type EndpointCertificate, type GatewayNode } from '#model/resources';
import { exitCodes, type ExitCode } from '../../exit-codes.ts';
import type { CliIO } from '../../io.ts';
import { isReady, readyText } from '../../readiness.ts';
import { withAccess, type AccessOptions } from '../../server/access.ts';
import { formatColumns } from '../../text/columns.ts';
import { relativeTime } from '../../text/duration.ts';
import { formatValue, withoutManagedFields, type ObjectForm } from '../../text/object-text.ts';
import { findByAlias } from './aliases.ts';
import { sightsOf } from './nodes-proving.ts';

export interface ListOptions extends AccessOptions {
  readonly output?: ObjectForm | 'wide';
}

export interface ShowOptions extends AccessOptions {
  readonly output?: ObjectForm;
}

/** `chancery endpoint-certs list`. */
export async function listEndpointCertificates(io: CliIO, options: ListOptions): Promise<ExitCode> {
  return withAccess(io, options, async ({ client, namespace }) => {
    const request = namespace === undefined ? {} : { namespace };
    const items = await Array.fromAsync(client.each<EndpointCertificate>(endpointCertificateKind, request));
    if (options.output === 'json' || options.output === 'yaml')
      io.out(formatValue({ items: items.map(withoutManagedFields) }, options.output));
    else if (items.length === 0)
      io.err(`No endpoint certificates found${namespace ? ` in ${namespace} namespace` : ''}.\n`);
    else io.out(formatColumns(rows(io, items, namespace === undefined, options.output === 'wide')));
    return exitCodes.done;
  });
}

function rows(io: CliIO, items: readonly EndpointCertificate[], inNamespaces: boolean, wide: boolean): string[][] {
  const heading = ['ALIAS', 'ENDPOINT', 'SUBJECT', 'ISSUER', 'EXPIRES', 'FINGERPRINT', 'STATUS', 'USED BY', 'PROVEN'];
  const lines = items.map((item) => [...(inNamespaces ? [item.metadata.namespace ?? ''] : []), ...row(io, item, wide)]);
  return [inNamespaces ? ['NAMESPACE', ...heading] : heading, ...lines];
}

function row(io: CliIO, certificate: EndpointCertificate, wide: boolean): string[] {
  const { spec, status = {} } = certificate;
  const first = status.certificates?.[0];
  const { desired = 0, proven = 0 } = status.nodes ?? {};
  return [
    spec.alias,
    status.appliesTo ?? spec.endpoint,
    first?.subject ?? '-',
    first === undefined ? '-' : first.selfSigned ? 'itself' : first.issuer,
    status.notAfter === undefined ? '-' : relativeTime(new Date(status.notAfter), io.now()),
    (wide ? first?.fingerprint : first?.fingerprint.slice(0, 12)) ?? '-',
    isReady(certificate) ? 'Ready' : readyText(certificate),
    usersText(status.usedBy ?? [], status.usedByCount ?? 0),
    desired === 0 ? '-' : `${proven}/${desired}`,
  ];
}

function usersText(users: readonly string[], count: number): string {
  if (count === 0) return 'nobody';
  return count > 2 ? `${users[0]} and ${count - 1} more` : users.join(', ');
}

/** `chancery endpoint-certs show`: everything about one. */
export async function showEndpointCertificate(io: CliIO, alias: string, options: ShowOptions): Promise<ExitCode> {
  return withAccess(io, options, async ({ client, namespace = 'default' }) => {
    const certificate = await findByAlias(client, namespace, alias);
    if (options.output !== undefined) io.out(formatValue(withoutManagedFields(certificate), options.output));
    else {
      const nodes = await Array.fromAsync(client.each<GatewayNode>(gatewayNodeKind));
      io.out(overview(io, certificate) + chainText(io, certificate) + nodesText(nodes, certificate));
    }
    return exitCodes.done;
  });
}

function overview(io: CliIO, certificate: EndpointCertificate): string {
  const { spec, status = {} } = certificate;
  const shared = status.sharedWith ?? [];
  return formatColumns([
    ['Alias:', spec.alias],
    ['Endpoint:', status.appliesTo ?? spec.endpoint],
    ['Status:', isReady(certificate) ? 'Ready' : readyText(certificate)],
    [
      'Expires:',
      status.notAfter === undefined ? '-' : `${status.notAfter} (${relativeTime(new Date(status.notAfter), io.now())})`,
    ],
    ['Used by:', (status.usedBy ?? []).join(', ') || 'nobody'],
    ...(shared.length === 0 ? [] : [['Same certificate at:', shared.join(', ')]]),
  ]);
}

function chainText(io: CliIO, { status }: EndpointCertificate): string {
  const certificates = status?.certificates ?? [];
  const blocks = certificates.map((one) =>
    formatColumns(
      [
        ['Subject:', one.subject],
        ['Issuer:', one.selfSigned ? 'itself' : one.issuer],
        ['Serial number:', one.serialNumber],
        ['Valid:', `${one.notBefore} to ${one.notAfter} (${relativeTime(new Date(one.notAfter), io.now())})`],
        ['Key:', one.key],
        ...(one.dnsNames === undefined ? [] : [['DNS names:', one.dnsNames.join(', ')]]),
        ['SHA-256:', one.fingerprint],
      ],
      '  ',
    ),
  );
  return blocks.length === 0 ? '' : `\n${blocks.length === 1 ? 'Certificate' : 'Certificates'}\n${blocks.join('\n')}`;
}

function nodesText(nodes: readonly GatewayNode[], certificate: EndpointCertificate): string {
  const sights = sightsOf(nodes, certificate);
  if (sights.length === 0) return '';
  const lines = sights.map(({ node, endpoint, state, message }) => [node, endpoint, state, message ?? '']);
  return `\nGateway nodes\n${formatColumns([['NODE', 'BACKEND', 'STATE', ''], ...lines], '  ')}`;
}
