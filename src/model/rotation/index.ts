/**
 * The replacement of a CA by another without one failed handshake, as a state machine: what to do next about a Rotation,
 * what a transition waits for and why, which certificates are issued anew next, what a rotation will do and what it will
 * break.
 *
 * Not here: making CAs, changing bundles, asking instances, reading status. Who runs the machine applies one step and
 * asks again with a new snapshot.
 *
 * Invariants: no clock and no randomness; a stage is in the status before anything of it is done; every action may be
 * done twice; an acknowledgement counts for the generation it names and no other. At every instant, for every declared
 * link, whatever certificate may be presented has an anchor in every trust that may be in use; the model checker beside
 * this file explores that, and shows for every guard the outage that follows without it.
 */
export { isCurrent, nextRotationStep } from './next-rotation-step.ts';
export { leafCounts } from './progress.ts';
export { longestBlocking } from './guards/guard.ts';
export { planRotation } from './preflight/plan.ts';
export { chainLimitOf } from './preflight/engine-depths.ts';
export type { RotationPlan } from './preflight/plan.ts';
export type { Refusal } from './preflight/refusal.ts';
export type { BrokenLink } from './what-breaks.ts';
export type { RotationStage } from './stage.ts';
export { ackLevels } from './snapshot.ts';
export type {
  Ack,
  AckLevel,
  AskedFlush,
  AskedRestart,
  Attestation,
  BundleState,
  CAFacts,
  InstanceState,
  LeafState,
  LinkState,
  MaterialState,
  OtherRotation,
  RotationMoment,
  RotationProgress,
  RotationSnapshot,
  RotationWish,
  SignerState,
} from './snapshot.ts';
export type {
  Act,
  Blocking,
  Gate,
  InstanceName,
  RestartOf,
  RotationAction,
  RotationStep,
  Wait,
  WriteStatus,
} from './step.ts';
