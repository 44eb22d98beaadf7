import type { Attestation, InstanceState, RotationProgress } from '../snapshot.ts';
import type { RotationStage } from '../stage.ts';
import type { Blocking } from '../step.ts';
import type { RotationView } from '../view.ts';
import type { Guard } from './guard.ts';
import { verdict } from './guard.ts';
import type { ReachedWords } from './reached.ts';

/** Open when each external workload concerned has an attestation in force, given since `since` was entered, or a waiver. */
export function externalsAttest(
  kind: 'trusts' | 'identities',
  since: RotationStage,
  { name, why }: ReachedWords,
): Guard {
  return {
    name,
    why,
    check: (view) => {
      const concerned = externalsIn(view, kind);
      const silent = concerned.filter((instance) => wordFor(view, instance.workload, since) === undefined);
      const words = concerned
        .map((instance) => wordFor(view, instance.workload, since))
        .filter((word) => word !== undefined);
      return verdict(
        silent,
        (instance) => unattested(instance, kind, view.snapshot.progress.generation),
        words.map(wording),
      );
    },
  };
}

function externalsIn(view: RotationView, kind: 'trusts' | 'identities'): InstanceState[] {
  return [...new Set(view[kind].map(({ instance }) => instance).filter(({ external }) => external === true))];
}

function wordFor(view: RotationView, workload: string, since: RotationStage): Attestation | undefined {
  const { wish, now, progress } = view.snapshot;
  const earliest = since === 'TrustBoth' ? 0 : enteredWith(progress, since);
  return wish.attestations.find(
    ({ consumer, until, waived, generation = 0 }) =>
      consumer === workload && until > now && (waived === true || generation >= earliest),
  );
}

/** The generation with which `stage` was entered last; never entered: no generation is enough. */
function enteredWith({ history }: RotationProgress, stage: RotationStage): number {
  return history.findLast((moment) => moment.stage === stage)?.generation ?? Infinity;
}

function wording({ consumer, by, until, waived, generation }: Attestation): string {
  const given = generation === undefined ? '' : ` at generation ${generation}`;
  return `${consumer}: ${waived === true ? 'waived' : 'attested'} by ${by}${given}, until ${until.toISOString()}`;
}

function unattested({ workload, name }: InstanceState, kind: 'trusts' | 'identities', generation: number): Blocking {
  const what = kind === 'trusts' ? 'trusts both CAs' : 'presents its new certificate only';
  return {
    workload,
    instance: name,
    material: kind === 'trusts' ? 'trust' : 'identity',
    wanted: `somebody's word that it ${what}`,
    has: 'none in force',
    message: `Nothing of this installation runs there, and nobody has attested that it ${what}.`,
    hint: `Add to spec.attestations: consumer ${workload}, by, until, generation ${generation}; or waived: true.`,
  };
}
