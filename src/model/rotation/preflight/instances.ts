import type { InstanceState } from '../snapshot.ts';
import type { RotationView } from '../view.ts';
import type { PreflightCheck } from './refusal.ts';

const nameOf = ({ workload, name }: InstanceState): string => `${workload} ${name}`;

function concerned({ trusts, identities }: RotationView): InstanceState[] {
  return [...new Set([...trusts, ...identities].map(({ instance }) => instance))];
}

/** An agent whose engine forgets at a restart. */
export const forgetful: PreflightCheck = {
  name: 'cannot-persist',
  why: 'A restart in the middle would bring back what it had before.',
  find: (view) =>
    concerned(view)
      .filter(({ canPersist, external }) => canPersist === false && external !== true)
      .map((instance) => ({
        place: nameOf(instance),
        message: `${nameOf(instance)} keeps what it loads in memory only.`,
        hint: 'Give its agent files that it may write and that the engine reads at start.',
      })),
};

/** Nobody there to prove anything. */
export const silent: PreflightCheck = {
  name: 'never-reported',
  why: 'The rotation would wait for it for ever.',
  find: (view) =>
    concerned(view)
      .filter(({ lastSeenTime, external }) => lastSeenTime === undefined && external !== true)
      .map((instance) => ({
        place: nameOf(instance),
        message: `${nameOf(instance)} has never reported.`,
        hint: 'Start its agent, take it out of service, or declare its workload external.',
      })),
};

/** Consumers that nobody of ours can look at. */
export const unattested: PreflightCheck = {
  name: 'external-not-attested',
  why: 'It would refuse the new certificates, and nobody would know before.',
  find: (view) => {
    const { wish, now } = view.snapshot;
    const spoken = new Set(wish.attestations.filter(({ until }) => until > now).map(({ consumer }) => consumer));
    const external = concerned(view).filter((one) => one.external === true && !spoken.has(one.workload));
    return external.map(({ workload }) => ({
      place: workload,
      message: `${workload} is external, and nobody has attested that it trusts the next CA.`,
      hint: `Add to spec.attestations: consumer ${workload}, by, until; or waived: true.`,
    }));
  },
};
