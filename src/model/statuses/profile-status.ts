import { settingsProblem } from '#model/gateways';
import { conditionOf, removeCondition, setCondition } from '#model/objects';
import type { ConditionUpdate } from '#model/objects';
import type { Keystore, ProfileStatus, TLSClientProfile, TLSServerProfile, Truststore } from '#model/resources';
import { objectTerm } from '#model/stores';

export type Profile = TLSClientProfile | TLSServerProfile;

/** A store that a profile names, and what was found under the name. */
export interface NamedStore {
  readonly kind: 'Keystore' | 'Truststore';
  readonly namespace: string;
  readonly name: string;
  readonly object: Keystore | Truststore | undefined;
}

/** What others know of a profile. */
export interface ProfileSurroundings {
  readonly stores: readonly NamedStore[];
  readonly usedBy: Pick<ProfileStatus, 'usedBy' | 'usedByCount'>;
  /** Production gateways that use it though it is one of the defaults, as `Gateway ns/name`. */
  readonly productionGateways: readonly string[];
}

/** The status that the profile shall have. */
export function profileStatus(
  profile: Profile,
  { stores, usedBy, productionGateways }: ProfileSurroundings,
  now: Date,
): ProfileStatus {
  const { metadata, status } = profile;
  const generation = metadata.generation === undefined ? {} : { observedGeneration: metadata.generation };
  const conditions = setCondition(status?.conditions, { ...readiness(profile, stores), ...generation }, now);
  return { ...generation, conditions: [...withWarning(conditions, productionGateways, now)], ...usedBy };
}

function readiness(profile: Profile, stores: readonly NamedStore[]): ConditionUpdate {
  const problem = settingsProblem(profile.kind === 'TLSServerProfile' ? 'server' : 'client', profile);
  if (problem !== undefined) return notReady(problem.reason, problem.message);
  for (const store of stores) {
    const flaw = flawOf(store);
    if (flaw !== undefined) return flaw;
  }
  const message = stores.length === 0 ? 'settings verified' : 'settings verified, stores ready';
  return { type: 'Ready', status: 'True', reason: 'Verified', message };
}

function flawOf({ kind, namespace, name, object }: NamedStore): ConditionUpdate | undefined {
  const term = objectTerm(kind, namespace, name);
  if (object === undefined) return notReady(`${kind}NotFound`, `${term} does not exist`);
  const ready = conditionOf(object.status?.conditions, 'Ready');
  if (ready?.status === 'True') return undefined;
  return notReady(`${kind}NotReady`, `${term} is not ready: ${ready?.message ?? 'it has not been looked at yet'}`);
}

function notReady(reason: string, message: string): ConditionUpdate {
  return { type: 'Ready', status: 'False', reason, message };
}

export const productionWarning = 'DefaultProfileInProduction';

function withWarning(
  conditions: readonly NonNullable<ProfileStatus['conditions']>[number][],
  gateways: readonly string[],
  now: Date,
): readonly NonNullable<ProfileStatus['conditions']>[number][] {
  if (gateways.length === 0) return removeCondition(conditions, productionWarning);
  const message = `this default profile is for tests, and used in production by ${gateways.join(', ')}; make an own profile`;
  return setCondition(
    conditions,
    { type: productionWarning, status: 'True', reason: 'UsedInProduction', message },
    now,
  );
}
