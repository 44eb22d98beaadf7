/**
 * Where a rotation stands. Forward: trust both CAs, issue from the next one, let old contexts go, withdraw the old one,
 * flush the sessions it vouched for. Back: return the leaves to the old CA, then withdraw the next one.
 */
export const rotationStages = [
  'Stable',
  'TrustBoth',
  'Issue',
  'Drain',
  'Distrust',
  'Flush',
  'Rollback',
  'Withdraw',
] as const;
export type RotationStage = (typeof rotationStages)[number];

/** Stages from which there is a way back: the old CA is still trusted everywhere. */
export function canRollBack(stage: RotationStage): boolean {
  return stage === 'TrustBoth' || stage === 'Issue' || stage === 'Drain';
}
