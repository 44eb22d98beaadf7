import type { EndpointReport, ListenerReport } from '#model/resources';
import { isUpToDate, type Unit } from '../compiling/unit.ts';
import type { DatedProof } from '../proving/proof.ts';

export type ReportState = ListenerReport['state'];

/** How one listener or backend is; the report is made only of those that are told of. */
export interface Standing<R extends ListenerReport | EndpointReport = ListenerReport | EndpointReport> {
  readonly state: ReportState;
  readonly loadedAt: number | undefined;
  report(): R;
}

export function standing<R extends ListenerReport | EndpointReport>(
  unit: Unit<unknown>,
  proof: DatedProof | undefined,
  report: (state: ReportState) => R,
): Standing<R> {
  const state = stateOf(unit, proof);
  return { state, loadedAt: unit.loadedAt?.getTime(), report: () => report(state) };
}

/** What is wanted now decides: a good plan that serves in its place does not hide that it could not be had. */
function stateOf(unit: Unit<unknown>, proof: DatedProof | undefined): ReportState {
  if (unit.refusal !== undefined) return 'failed';
  if (unit.problem !== undefined) return unit.problem.isWaiting === true ? 'desired' : 'failed';
  if (!isUpToDate(unit)) return 'desired';
  if (proof === undefined || proof.verdict === 'unknown') return 'loaded';
  return proof.verdict;
}

/** What is wrong, or worth knowing. */
export function messageOf(unit: Unit<unknown>, proof: DatedProof | undefined): string | undefined {
  const wrong = unit.refusal?.message ?? unit.problem?.message;
  if (wrong === undefined) return proof?.message ?? unit.warnings[0]?.message;
  return unit.loaded === undefined ? wrong : `${wrong}; what was loaded before goes on serving`;
}

const urgency: Readonly<Record<ReportState, number>> = { failed: 0, desired: 1, loaded: 2, proven: 3 };

/** What is wrong first, then what changed last. */
export function byUrgency<R extends ListenerReport | EndpointReport>(standings: Standing<R>[]): Standing<R>[] {
  return standings.sort((a, b) => urgency[a.state] - urgency[b.state] || (b.loadedAt ?? 0) - (a.loadedAt ?? 0));
}
