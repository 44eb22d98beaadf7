import type { RoutePlan } from '#model/gateways';
import { formatTimestamp } from '#model/objects';
import type { EndpointReport } from '#model/resources';
import type { Unit } from '../compiling/unit.ts';
import type { DatedProof } from '../proving/proof.ts';
import { upstreamProofKey } from '../proving/proof-keys.ts';
import type { NodeState } from './node-state.ts';
import { messageOf, standing, type ReportState, type Standing } from './standing.ts';

type Route = readonly [api: string, unit: Unit<RoutePlan>];

/** One for each backend and way to dial it; APIs for which what is wanted could not be loaded have one each. */
export function endpointStandings({ routes, proofOf }: NodeState): Standing<EndpointReport>[] {
  const groups = Map.groupBy(routes, ([api, unit]) => groupOf(api, unit));
  return Array.from(groups.values(), (group) => {
    const [, unit] = group[0]!;
    const proof = unit.loaded === undefined ? undefined : proofOf(upstreamProofKey(unit.loaded));
    return standing(unit, proof, (state) => endpointReport(group, proof, state));
  });
}

function groupOf(api: string, { loaded, problem, refusal }: Unit<RoutePlan>): string {
  if (loaded === undefined || problem !== undefined || refusal !== undefined) return `api ${api}`;
  return `${upstreamProofKey(loaded)} ${loaded.upstream.profile ?? ''}`;
}

function endpointReport(group: readonly Route[], proof: DatedProof | undefined, state: ReportState): EndpointReport {
  const [, unit] = group[0]!;
  const upstream = unit.loaded?.upstream;
  const code = unit.refusal?.code ?? unit.problem?.reason ?? proof?.code;
  const message = messageOf(unit, proof);
  return {
    endpoint: upstream?.endpoint ?? '',
    apis: group.map(([api]) => api).toSorted(),
    state,
    ...(upstream?.profile === undefined ? {} : { profile: upstream.profile }),
    ...(upstream === undefined || upstream.endpointCertificates.length === 0
      ? {}
      : { endpointCertificates: [...upstream.endpointCertificates] }),
    ...(proof?.presented === undefined ? {} : { presented: proof.presented }),
    ...(code === undefined || state === 'proven' ? {} : { code }),
    ...(message === undefined ? {} : { message }),
    ...(unit.loadedAt === undefined ? {} : { loadedAt: formatTimestamp(unit.loadedAt) }),
    ...(proof?.provenAt === undefined ? {} : { provenAt: formatTimestamp(proof.provenAt) }),
  };
}
