import { isIP } from 'node:net';
import { endpointTerm } from '#model/resources';
import type { API, Backend, Gateway, ObjectRef, TLSClientProfile } from '#model/resources';
import { targetOf } from '#model/stores';
import type { Outcome, Problem, StoreMemo } from '#model/stores';
import { joinAnchors } from './anchors.ts';
import { truststoreAnchors } from './compile-listener.ts';
import { upstreamDigest } from './digest.ts';
import { endpointTrust } from './endpoint-certificates.ts';
import { hostProfile } from './host-profile.ts';
import { identityOf } from './identity.ts';
import type { Identity } from './identity.ts';
import type { GatewayLookup } from './lookup.ts';
import type { Compiled, PlanWarning, UpstreamPlan } from './plans.ts';
import { placeOf, placeText, profileAt, profileWarnings } from './profiles.ts';
import { clientSettings, settingsProblem } from './settings.ts';

/** For whom, and with what memory, something is compiled. */
export interface Compilation {
  readonly lookup: GatewayLookup;
  readonly gateway: Gateway;
  readonly now: Date;
  readonly memo: StoreMemo;
}

/** How an API's backend is dialled. */
export function compileUpstream(
  compilation: Compilation,
  api: API,
  backend: Backend,
  profileRef: ObjectRef | undefined,
): Compiled<UpstreamPlan> {
  if (!backend.secure) return { ok: true, plan: plainUpstream(backend), warnings: [] };
  const profile = profileOf(compilation, api, backend, profileRef);
  if (!profile.ok) return profile;
  const unfit = profile.value && settingsProblem('client', profile.value);
  return unfit === undefined ? withTrust(compilation, api, backend, profile.value) : { ok: false, problem: unfit };
}

function profileOf(
  { lookup }: Compilation,
  api: API,
  { host, port }: Backend,
  ref: ObjectRef | undefined,
): Outcome<TLSClientProfile | undefined> {
  if (ref !== undefined) return profileAt(lookup, 'TLSClientProfile', ref, placeOf(api).namespace);
  return { ok: true, value: hostProfile(lookup.clientProfiles(host, port), api, { host, port }) };
}

function plainUpstream(backend: Backend): UpstreamPlan {
  const nothing = { settings: {}, identity: undefined, profile: undefined, serverName: undefined };
  const noTrust = { publicAuthorities: false, anchors: [], endpointCertificates: [], expiredAllowed: [] };
  return finished({ ...placeIn(backend), ...nothing, ...noTrust });
}

function withTrust(
  compilation: Compilation,
  api: API,
  backend: Backend,
  profile: TLSClientProfile | undefined,
): Compiled<UpstreamPlan> {
  const identity = clientIdentity(compilation, profile);
  if (!identity.ok) return identity;
  const trust = trustOf(compilation, api, backend, profile);
  if (!trust.ok) return trust;
  const settings = profile === undefined ? {} : clientSettings(profile);
  const { warnings, ...trusted } = trust.value;
  const plan = finished({
    ...placeIn(backend),
    serverName: settings.serverNameIndication === false || isIP(backend.host) !== 0 ? undefined : backend.host,
    settings,
    identity: identity.value?.plan,
    keystore: identity.value?.keystore,
    profile: profile === undefined ? undefined : placeText(placeOf(profile)),
    ...trusted,
  });
  return judged(plan, identity.value?.flaw, [...warnings, ...usage(compilation, api, profile)]);
}

function judged(
  plan: UpstreamPlan,
  flaw: Problem | undefined,
  warnings: readonly PlanWarning[],
): Compiled<UpstreamPlan> {
  return flaw === undefined ? { ok: true, plan, warnings } : { ok: false, problem: flaw, fallback: plan };
}

function usage({ gateway }: Compilation, api: API, profile: TLSClientProfile | undefined): PlanWarning[] {
  return profile === undefined ? [] : profileWarnings(gateway, profile, `the API ${placeText(placeOf(api))}`);
}

function clientIdentity(
  { lookup, now, memo }: Compilation,
  profile: TLSClientProfile | undefined,
): Outcome<Identity | undefined> {
  if (profile?.spec.keystoreRef === undefined) return { ok: true, value: undefined };
  const place = targetOf(profile.spec.keystoreRef, placeOf(profile).namespace, 'Keystore');
  return place.ok ? identityOf(lookup, place.value, now, memo) : place;
}

type TrustField = 'publicAuthorities' | 'anchors' | 'truststore' | 'endpointCertificates' | 'expiredAllowed';
type Trust = Pick<UpstreamPlan, TrustField> & {
  readonly warnings: readonly PlanWarning[];
};

/** The profile's truststore, else the public CAs; and the endpoint certificates. Nothing where nothing is verified. */
function trustOf(
  { lookup, now, memo }: Compilation,
  api: API,
  backend: Backend,
  profile: TLSClientProfile | undefined,
): Outcome<Trust> {
  const { applied, anchors, expiredAllowed, warnings } = endpointTrust(lookup, api, backend, now, memo);
  const common = { endpointCertificates: applied, expiredAllowed, warnings };
  const { insecureServerConnections = false, truststoreRef } = profile?.spec ?? {};
  if (insecureServerConnections) return { ok: true, value: { ...common, publicAuthorities: false, anchors: [] } };
  if (profile === undefined || truststoreRef === undefined) {
    return { ok: true, value: { ...common, publicAuthorities: true, anchors } };
  }
  const own = truststoreAnchors(lookup, truststoreRef, placeOf(profile).namespace, now, memo);
  if (!own.ok) return own;
  const { truststore } = own.value;
  const all = joinAnchors(own.value.anchors, anchors);
  return { ok: true, value: { ...common, publicAuthorities: false, anchors: all, truststore } };
}

const placeIn = ({ host, port, secure }: Backend) => ({ endpoint: endpointTerm(host, port), host, port, secure });

const finished = (plan: Omit<UpstreamPlan, 'digest'>): UpstreamPlan => ({ ...plan, digest: upstreamDigest(plan) });
