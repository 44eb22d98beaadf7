import { formatTimestamp, setCondition, type Condition, type ConditionUpdate } from '#model/objects';
import type { EndpointReport, GatewayNode, ListenerReport } from '#model/resources';
import type { GatewayNodeOptions } from '../node-options.ts';
import { endpointStandings } from './endpoint-reports.ts';
import { listenerStandings } from './listener-reports.ts';
import type { Mark, NodeState } from './node-state.ts';
import { byUrgency, type Standing } from './standing.ts';

export type NodeStatus = NonNullable<GatewayNode['status']>;

const mostReports = 1000;

/** What a node says of itself; `before` is what it said last. */
export function nodeStatus(state: NodeState, before: readonly Condition[], now: Date): NodeStatus {
  const listeners = byUrgency(listenerStandings(state));
  const endpoints = byUrgency(endpointStandings(state));
  const all = [...listeners, ...endpoints];
  return {
    conditions: conditionsOf(state, all, before, now),
    startedAt: formatTimestamp(state.startedAt),
    lastSeenTime: formatTimestamp(now),
    addresses: [...state.addresses],
    ...mark('desired', state.desired),
    ...mark('loaded', state.loaded),
    ...mark('proven', state.proven),
    counts: countsOf(all),
    listeners: listeners.slice(0, mostReports).map((one) => one.report()),
    omittedListeners: Math.max(0, listeners.length - mostReports),
    endpoints: endpoints.slice(0, mostReports).map((one) => one.report()),
    omittedEndpoints: Math.max(0, endpoints.length - mostReports),
  };
}

/** The object without its status. */
export const declarationOf = ({
  gateway,
  node,
  version,
}: Pick<GatewayNodeOptions, 'gateway' | 'node' | 'version'>) => ({
  apiVersion: 'chancery.dev/v1',
  kind: 'GatewayNode',
  metadata: { name: node, namespace: gateway.namespace },
  spec: { gatewayRef: { name: gateway.name }, version },
});

function mark(name: 'desired' | 'loaded' | 'proven', mark: Mark | undefined): Partial<NodeStatus> {
  return mark === undefined ? {} : { [name]: { revision: mark.revision, at: formatTimestamp(mark.at) } };
}

function countsOf(all: readonly Standing[]): NonNullable<NodeStatus['counts']> {
  const counts = { desired: all.length, loaded: 0, proven: 0, failed: 0 };
  for (const { state } of all) {
    if (state === 'loaded' || state === 'proven') counts.loaded += 1;
    if (state === 'proven') counts.proven += 1;
    if (state === 'failed') counts.failed += 1;
  }
  return counts;
}

function conditionsOf(
  state: NodeState,
  all: readonly Standing[],
  before: readonly Condition[],
  now: Date,
): Condition[] {
  const updates = [ready(state, all), synced(state), proven(state, all)];
  return [...updates.reduce((conditions, update) => setCondition(conditions, update, now), before)];
}

/** Ready: for everything that is declared something good is loaded, be it an older one. */
function ready({ hasGateway, isSynced }: NodeState, all: readonly Standing[]): ConditionUpdate {
  if (isSynced && !hasGateway) {
    return notReady('GatewayNotFound', 'there is no Gateway of that name, so nothing is served');
  }
  const missing = all.find(({ loadedAt }) => loadedAt === undefined);
  if (missing !== undefined) return notReady('NothingGoodLoaded', sentence(missing, 'still on its way'));
  return { type: 'Ready', status: 'True', reason: 'Serving', message: `serves ${all.length} hosts and backends` };
}

function notReady(reason: string, message: string): ConditionUpdate {
  return { type: 'Ready', status: 'False', reason, message };
}

function synced({ isSynced, lost }: NodeState): ConditionUpdate {
  if (lost !== undefined) return { type: 'Synced', status: 'False', reason: 'ControlPlaneLost', message: lost };
  if (!isSynced) return { type: 'Synced', status: 'False', reason: 'Starting', message: 'the API is being read' };
  return { type: 'Synced', status: 'True', reason: 'Following', message: 'follows the API' };
}

function proven({ isSynced }: NodeState, all: readonly Standing[]): ConditionUpdate {
  const open = all.filter(({ state }) => state !== 'proven');
  const worst = open.find(({ state }) => state === 'failed') ?? open[0];
  if (worst === undefined && !isSynced) {
    return { type: 'Proven', status: 'False', reason: 'Starting', message: 'not everything has been read yet' };
  }
  const message = 'all of it is proven by handshakes';
  if (worst === undefined) return { type: 'Proven', status: 'True', reason: 'AllProven', message };
  const reason = worst.state === 'failed' ? 'SomeFailed' : 'SomeUnproven';
  const others = open.length === 1 ? '' : `; and ${open.length - 1} more`;
  return { type: 'Proven', status: 'False', reason, message: `${sentence(worst, 'not proven yet')}${others}` };
}

const longestMessage = 1000;

function sentence(standing: Standing, otherwise: string): string {
  const report = standing.report();
  return `${nameOf(report)}: ${report.message ?? otherwise}`.slice(0, longestMessage);
}

function nameOf(report: ListenerReport | EndpointReport): string {
  if ('host' in report) return report.host;
  return report.endpoint === '' ? report.apis.join(', ') : report.endpoint;
}
