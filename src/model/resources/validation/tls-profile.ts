import type { FieldError, Json } from '#model/objects';
import { checkSettings } from '#tls/profiles';
import type { SettingProblem, Side } from '#tls/profiles';
import { readEndpoint } from '../endpoint.ts';
import type { TLSClientProfile } from '../tls-client-profile.ts';
import type { TLSServerProfile } from '../tls-server-profile.ts';
import { errorLimit, invalid, required } from './field-errors.ts';
import { sentences } from './material-reading.ts';
import { validateRef } from './object-refs.ts';

type Profile = TLSClientProfile | TLSServerProfile;

/** Every rule that the profile breaks: references in reach, and settings that work. */
export const validateClientProfile = (profile: TLSClientProfile): FieldError[] =>
  [...validateServers(profile), ...validateProfile('client', profile)].slice(0, errorLimit);

const mostServers = 1000;

function validateServers({ spec: { servers = [] } }: TLSClientProfile): FieldError[] {
  if (servers.length > mostServers)
    return [invalid('spec.servers', servers.length, `at most ${mostServers} servers are allowed`)];
  return servers.flatMap((server, index) => {
    if (server === '*') return [];
    const endpoint = readEndpoint(server);
    return 'problem' in endpoint ? [invalid(`spec.servers[${index}]`, server, endpoint.problem)] : [];
  });
}

export function validateServerProfile(profile: TLSServerProfile): FieldError[] {
  const { mutualAuthentication = 'none', truststoreRef } = profile.spec;
  const isBlind = mutualAuthentication !== 'none' && truststoreRef === undefined;
  const needed = `must be set when mutualAuthentication is ${mutualAuthentication}: name the Truststore that client certificates are checked with`;
  return [...validateProfile('server', profile), ...(isBlind ? [required('spec.truststoreRef', needed)] : [])];
}

function validateProfile(side: Side, { metadata, spec }: Profile): FieldError[] {
  return [
    ...validateRef(metadata, spec.keystoreRef, 'spec.keystoreRef'),
    ...validateRef(metadata, spec.truststoreRef, 'spec.truststoreRef'),
    ...checkSettings(side, spec).errors.map((problem) => errorOf(problem, spec)),
  ].slice(0, errorLimit);
}

function errorOf({ field, value, message, hint }: SettingProblem, spec: Profile['spec']): FieldError {
  const told = value ?? (spec as Record<string, Json>)[field] ?? null;
  return invalid(`spec.${field}`, told, sentences(message, hint));
}

const warningLimit = 20;

/** What is weak in the settings, as sentences. */
export const warnOfProfile = (side: Side, { spec }: Profile): string[] =>
  checkSettings(side, spec)
    .warnings.slice(0, warningLimit)
    .map(({ field, message, hint }) => `spec.${field}: ${sentences(message, hint)}`);
