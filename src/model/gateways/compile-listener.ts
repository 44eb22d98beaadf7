import type { Gateway, TLSServerProfile } from '#model/resources';
import { noMemo, objectTerm, resolveTruststore, targetOf } from '#model/stores';
import type { Lookup, Outcome, StoreMemo } from '#model/stores';
import { anchorsOf } from './anchors.ts';
import { listenerDigest } from './digest.ts';
import { identityOf } from './identity.ts';
import type { AnchorPlan, Compiled, ListenerPlan } from './plans.ts';
import { placeOf, placeText, profileAt, profileWarnings } from './profiles.ts';
import { serverSettings, settingsProblem } from './settings.ts';

/** One host of a gateway, as `spec.sni[]` has it. */
export type SNIEntry = Gateway['spec']['sni'][number];

/** What the gateway does for callers of one host. Looks at the profile, its stores, and what they are made from. */
export function compileListener(
  lookup: Lookup,
  gateway: Gateway,
  entry: SNIEntry,
  now: Date,
  memo: StoreMemo = noMemo,
): Compiled<ListenerPlan> {
  const profile = profileAt(lookup, 'TLSServerProfile', entry.tlsServerProfileRef, placeOf(gateway).namespace);
  if (!profile.ok) return profile;
  const unfit = settingsProblem('server', profile.value);
  if (unfit !== undefined) return { ok: false, problem: unfit };
  const { namespace } = placeOf(profile.value);
  const keystore = targetOf(profile.value.spec.keystoreRef, namespace, 'Keystore');
  if (!keystore.ok) return keystore;
  const identity = identityOf(lookup, keystore.value, now, memo);
  if (!identity.ok) return identity;
  const clientAnchors = clientAnchorsOf(lookup, profile.value, now, memo);
  if (!clientAnchors.ok) return clientAnchors;
  const { plan: own, keystore: from, flaw } = identity.value;
  const plan = complete(entry.host, profile.value, { identity: own, keystore: from, ...clientAnchors.value });
  if (flaw !== undefined) return { ok: false, problem: flaw, fallback: plan };
  return { ok: true, plan, warnings: profileWarnings(gateway, profile.value, `the host ${entry.host}`) };
}

function complete(
  host: string,
  profile: TLSServerProfile,
  material: Pick<ListenerPlan, 'identity' | 'keystore' | 'clientAnchors' | 'truststore'>,
): ListenerPlan {
  const settings = serverSettings(profile);
  const plan = { host: host.toLowerCase(), profile: placeText(placeOf(profile)), settings, ...material };
  return { ...plan, digest: listenerDigest(plan) };
}

function clientAnchorsOf(
  lookup: Lookup,
  profile: TLSServerProfile,
  now: Date,
  memo: StoreMemo,
): Outcome<Pick<ListenerPlan, 'clientAnchors' | 'truststore'>> {
  const { mutualAuthentication = 'none', truststoreRef } = profile.spec;
  if (mutualAuthentication === 'none') return { ok: true, value: { clientAnchors: [] } };
  const { namespace, name } = placeOf(profile);
  if (truststoreRef === undefined) {
    const message = `${objectTerm('TLSServerProfile', namespace, name)} asks for client certificates but names no truststore`;
    const hint = 'Set truststoreRef, or mutualAuthentication: none.';
    return { ok: false, problem: { reason: 'SettingsUnfit', message, hint } };
  }
  const trust = truststoreAnchors(lookup, truststoreRef, namespace, now, memo);
  if (!trust.ok) return trust;
  return { ok: true, value: { clientAnchors: trust.value.anchors, truststore: trust.value.truststore } };
}

/** The anchors that a profile of `namespace` refers to, and the place of their Truststore. */
export function truststoreAnchors(
  lookup: Lookup,
  ref: { readonly name: string; readonly namespace?: string },
  namespace: string,
  now: Date,
  memo: StoreMemo,
): Outcome<{ readonly anchors: readonly AnchorPlan[]; readonly truststore: string }> {
  const place = targetOf(ref, namespace, 'Truststore');
  if (!place.ok) return place;
  const resolved = resolveTruststore(lookup, place.value, now, memo);
  if (!resolved.ok) return resolved;
  const from = objectTerm('Truststore', place.value.namespace, place.value.name);
  const anchors = anchorsOf(resolved.value.certificates, from);
  return { ok: true, value: { anchors, truststore: placeText(place.value) } };
}
