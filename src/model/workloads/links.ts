import { namespacedTerm, workloadTerm } from '#model/resources';
import type { Workload, WorkloadConnection, WorkloadListener } from '#model/resources';
import type { Link, LinkEnd, LinkProblem, LinkProblemReason, Links } from './link.ts';

type Found = { readonly link: Link } | { readonly problem: LinkProblem };
type ByPlace = ReadonlyMap<string, Workload>;

/** Every link between the Workloads, and every declared connection that leads nowhere. */
export function linksOf(workloads: readonly Workload[]): Links {
  const byPlace = new Map(workloads.map((workload) => [placeOf(workload), workload]));
  const places = [...byPlace.keys()].sort();
  const found = places.flatMap((place) => connectionsOf(byPlace, place));
  const links = found.flatMap((one) => ('link' in one ? [one.link] : []));
  const problems = found.flatMap((one) => ('problem' in one ? [one.problem] : []));
  const linked = new Set(links.flatMap(({ client, server }) => [client.workload, server.workload]));
  return { links, problems, unlinked: places.filter((place) => !linked.has(place)) };
}

const placeOf = ({ metadata }: Workload): string => namespacedTerm(metadata.namespace, metadata.name);

function connectionsOf(byPlace: ByPlace, place: string): Found[] {
  const client = byPlace.get(place)!;
  const { connectsTo = [] } = client.spec;
  return connectsTo.flatMap((connection, index) => foundBy(byPlace, client, connection, `spec.connectsTo[${index}]`));
}

function foundBy(byPlace: ByPlace, client: Workload, connection: WorkloadConnection, path: string): Found[] {
  const wanted = workloadTerm(connection.workload, client.metadata.namespace);
  const server = byPlace.get(wanted);
  const fail = problemOf(placeOf(client));
  if (server === undefined) {
    const hint = 'Create the Workload, or mend its name; one outside of this installation is declared with external.';
    return [fail(`${path}.workload`, 'WorkloadNotFound', `Workload ${wanted} does not exist`, hint)];
  }
  const { listens = [] } = server.spec;
  if (connection.listen === undefined && listens.length === 0) {
    const hint = `Add an entry to spec.listens of Workload ${wanted}.`;
    return [fail(`${path}.workload`, 'NoListener', `Workload ${wanted} listens nowhere`, hint)];
  }
  const listeners = listens.filter(({ name }) => connection.listen === undefined || name === connection.listen);
  if (listeners.length > 0) return listeners.map((listener) => linkTo(client, server, connection, listener, path));
  const hint = `Name one of ${listens.map(({ name }) => `"${name}"`).join(', ') || 'its listeners, once it has any'}.`;
  const message = `Workload ${wanted} has no listener "${connection.listen}"`;
  return [fail(`${path}.listen`, 'ListenerNotFound', message, hint)];
}

function linkTo(
  client: Workload,
  server: Workload,
  connection: WorkloadConnection,
  listener: WorkloadListener,
  path: string,
): Found {
  const { mutualAuthentication = 'none', clientTrust } = listener;
  const isMutual = mutualAuthentication !== 'none' && connection.presents !== undefined;
  const clientEnd = endOf(client, isMutual ? connection.presents : undefined, connection.trusts);
  const serverEnd = endOf(server, listener.presents, isMutual ? clientTrust : undefined);
  const problem =
    missingCertificate(client, server, connection, listener, path) ??
    missingEntry(client, clientEnd, path, client) ??
    missingEntry(server, serverEnd, path, client);
  if (problem !== undefined) return { problem };
  const { name: listen, port, serverName } = listener;
  return { link: { client: clientEnd, server: serverEnd, listen, port, serverName, isMutual } };
}

const endOf = (workload: Workload, presents: string | undefined, trusts: string | undefined): LinkEnd => ({
  workload: placeOf(workload),
  site: workload.spec.site,
  external: workload.spec.external === true,
  presents,
  trusts,
});

function missingCertificate(
  client: Workload,
  server: Workload,
  connection: WorkloadConnection,
  { name, mutualAuthentication }: WorkloadListener,
  path: string,
): LinkProblem | undefined {
  if (mutualAuthentication !== 'require' || connection.presents !== undefined) return undefined;
  const message = `listener "${name}" of Workload ${placeOf(server)} requires a client certificate, and none is shown to it`;
  const hint = 'Name an entry of spec.presents in presents, or set mutualAuthentication of the listener to request.';
  return problemOf(placeOf(client))(`${path}.presents`, 'ClientCertificateMissing', message, hint).problem;
}

/** Validation lets no such Workload in; one that came another way must not be taken for a link that works. */
function missingEntry(workload: Workload, end: LinkEnd, path: string, declarer: Workload): LinkProblem | undefined {
  const { presents = [], trusts = [] } = workload.spec;
  const lacksPresents = end.presents !== undefined && !presents.some(({ name }) => name === end.presents);
  const lacksTrusts = end.trusts !== undefined && !trusts.some(({ name }) => name === end.trusts);
  if (!lacksPresents && !lacksTrusts) return undefined;
  const [list, entry] = lacksPresents ? ['presents', end.presents] : ['trusts', end.trusts];
  const message = `Workload ${end.workload} has no entry "${entry}" in spec.${list}`;
  const hint = `Add the entry to spec.${list}, or name another.`;
  return problemOf(placeOf(declarer))(path, 'EntryNotFound', message, hint).problem;
}

const problemOf =
  (workload: string) =>
  (field: string, reason: LinkProblemReason, message: string, hint: string): { readonly problem: LinkProblem } => ({
    problem: { workload, field, reason, message, hint },
  });
