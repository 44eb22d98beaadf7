import { chanceryKeys } from '#model/resources';
import type { Gateway, ObjectRef, TLSClientProfile, TLSServerProfile } from '#model/resources';
import { objectTerm, profileTargetOf } from '#model/stores';
import type { Lookup, ObjectPlace, Outcome } from '#model/stores';
import type { PlanWarning } from './plans.ts';

interface Profiles {
  readonly TLSClientProfile: TLSClientProfile;
  readonly TLSServerProfile: TLSServerProfile;
}

/** The profile that an object of `namespace` names. */
export function profileAt<K extends keyof Profiles>(
  lookup: Lookup,
  kind: K,
  ref: ObjectRef,
  namespace: string,
): Outcome<Profiles[K]> {
  const place = profileTargetOf(ref, namespace, kind);
  if (!place.ok) return place;
  const profile = lookup.get(kind, place.value.namespace, place.value.name);
  if (profile !== undefined) return { ok: true, value: profile };
  const message = `${objectTerm(kind, place.value.namespace, place.value.name)} does not exist`;
  const hint = 'Create the profile, or name another.';
  return { ok: false, problem: { reason: 'ProfileNotFound', message, hint, isWaiting: true } };
}

/** What should be known of the use of a profile on this gateway. `use` says for what, in words. */
export function profileWarnings(
  { metadata, spec }: Gateway,
  profile: TLSClientProfile | TLSServerProfile,
  use: string,
): PlanWarning[] {
  if (spec.production !== true) return [];
  const gateway = objectTerm('Gateway', metadata.namespace, metadata.name);
  const term = objectTerm(profile.kind, profile.metadata.namespace, profile.metadata.name);
  const warnings: PlanWarning[] = [];
  if (profile.metadata.labels?.[chanceryKeys.isDefault] === 'true') {
    const message = `${gateway} is a production gateway and uses the default profile ${term} for ${use}; make a profile of your own`;
    warnings.push({ reason: 'DefaultProfileInProduction', message });
  }
  if ('insecureServerConnections' in profile.spec && profile.spec.insecureServerConnections === true) {
    const message = `${gateway} is a production gateway, and ${term} accepts every server for ${use}`;
    warnings.push({ reason: 'InsecureInProduction', message });
  }
  return warnings;
}

/** `ns/name` of an object. */
export const placeText = ({ namespace, name }: ObjectPlace): string => `${namespace}/${name}`;

export const placeOf = ({ metadata }: { readonly metadata: { namespace?: string; name: string } }): ObjectPlace => ({
  namespace: metadata.namespace ?? '',
  name: metadata.name,
});
