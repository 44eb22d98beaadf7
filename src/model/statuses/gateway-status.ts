import { conditionOf, isConditionTrue, removeCondition, setCondition } from '#model/objects';
import type { Condition, ConditionUpdate } from '#model/objects';
import type { Gateway, GatewayNode, NodeProgress } from '#model/resources';
import { productionWarning } from './profile-status.ts';

/** What counts of a node. */
export type NodeState = Pick<GatewayNode, 'metadata' | 'status'>;

export interface GatewaySurroundings {
  /** What is wrong with its profiles. */
  readonly flaws: readonly string[];
  readonly nodes: readonly NodeState[];
  /** Default profiles that it uses though it is in production, as `TLSServerProfile ns/name`. */
  readonly defaultsInProduction: readonly string[];
}

type Status = NonNullable<Gateway['status']>;
const mostNamed = 100;

/** The status that the Gateway shall have. */
export function gatewayStatus(gateway: Gateway, surroundings: GatewaySurroundings, now: Date): Status {
  const { metadata, status } = gateway;
  const { flaws, nodes, defaultsInProduction } = surroundings;
  const generation = metadata.generation === undefined ? {} : { observedGeneration: metadata.generation };
  const progress = progressOf(nodes);
  const conditions = setCondition(status?.conditions, { ...readiness(flaws, nodes), ...generation }, now);
  return {
    ...generation,
    conditions: [...withWarning(conditions, defaultsInProduction, now)],
    nodes: progress,
  };
}

function progressOf(nodes: readonly NodeState[]): NodeProgress {
  const proven = nodes.filter((node) => isProven(node));
  const lagging = nodes.filter((node) => !isProven(node)).map(({ metadata }) => metadata.name);
  return {
    desired: nodes.length,
    loaded: nodes.filter(({ status }) => isConditionTrue(status?.conditions, 'Synced')).length,
    proven: proven.length,
    ...(lagging.length === 0 ? {} : { lagging: lagging.toSorted().slice(0, mostNamed) }),
  };
}

/** A node that gives no sign of life proves nothing. */
function isProven({ status }: NodeState): boolean {
  return isConditionTrue(status?.conditions, 'Proven') && !isLost(status?.conditions);
}

function isLost(conditions: readonly Condition[] | undefined): boolean {
  return conditionOf(conditions, 'Ready')?.status === 'Unknown';
}

function readiness(flaws: readonly string[], nodes: readonly NodeState[]): ConditionUpdate {
  const [first, ...others] = flaws;
  if (first !== undefined) {
    const more = others.length === 0 ? '' : `; ${others.length} more profiles are not ready`;
    return { type: 'Ready', status: 'False', reason: 'ProfileNotReady', message: `${first}${more}` };
  }
  const ready = nodes.filter(({ status }) => isConditionTrue(status?.conditions, 'Ready')).length;
  if (nodes.length === 0) return { type: 'Ready', status: 'False', reason: 'NoNodes', message: 'no node runs it' };
  const message = `${ready} of ${nodes.length} nodes are ready`;
  if (ready === 0) return { type: 'Ready', status: 'False', reason: 'NodesNotReady', message };
  return { type: 'Ready', status: 'True', reason: 'Running', message };
}

function withWarning(conditions: readonly Condition[], profiles: readonly string[], now: Date): readonly Condition[] {
  if (profiles.length === 0) return removeCondition(conditions, productionWarning);
  const message = `it is in production and uses ${profiles.join(', ')}, which are for tests; make own profiles`;
  return setCondition(conditions, { type: productionWarning, status: 'True', reason: 'UsesDefaults', message }, now);
}
