import type { ListenerPlan } from '#model/gateways';
import { formatTimestamp } from '#model/objects';
import type { ListenerReport } from '#model/resources';
import type { Unit } from '../compiling/unit.ts';
import type { DatedProof } from '../proving/proof.ts';
import { listenerProofKey } from '../proving/proof-keys.ts';
import type { NodeState } from './node-state.ts';
import { messageOf, standing, type Standing } from './standing.ts';

export function listenerStandings({ listeners, proofOf }: NodeState): Standing<ListenerReport>[] {
  return Array.from(listeners, ([host, unit]) => {
    const proof = proofOf(listenerProofKey({ host }));
    return standing(unit, proof, (state) => listenerReport(host, unit, proof, state));
  });
}

function listenerReport(
  host: string,
  unit: Unit<ListenerPlan>,
  proof: DatedProof | undefined,
  state: ListenerReport['state'],
): ListenerReport {
  const { loaded, loadedAt } = unit;
  const message = messageOf(unit, proof);
  return {
    host,
    profile: loaded?.profile ?? '',
    state,
    ...(loaded === undefined ? {} : { fingerprint: loaded.identity.fingerprint, notAfter: loaded.identity.notAfter }),
    ...(message === undefined ? {} : { message }),
    ...(loadedAt === undefined ? {} : { loadedAt: formatTimestamp(loadedAt) }),
    ...(proof?.provenAt === undefined ? {} : { provenAt: formatTimestamp(proof.provenAt) }),
  };
}
