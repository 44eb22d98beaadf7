import type { ListenerPlan, RoutePlan } from '#model/gateways';
import type { Unit } from '../compiling/unit.ts';
import type { DatedProof } from '../proving/proof.ts';

/** A revision, and since when. */
export interface Mark {
  readonly revision: string;
  readonly at: Date;
}

/** All that a node can say of itself at one moment. */
export interface NodeState {
  readonly startedAt: Date;
  readonly addresses: readonly string[];
  /** The Gateway exists. */
  readonly hasGateway: boolean;
  /** Everything has been compiled at least once from what the API says. */
  readonly isSynced: boolean;
  /** Why the API is not being followed right now. */
  readonly lost: string | undefined;
  readonly listeners: ReadonlyMap<string, Unit<ListenerPlan>>;
  readonly routes: ReadonlyMap<string, Unit<RoutePlan>>;
  readonly proofOf: (key: string) => DatedProof | undefined;
  readonly desired: Mark | undefined;
  readonly loaded: Mark | undefined;
  readonly proven: Mark | undefined;
}
