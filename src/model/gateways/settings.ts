import { checkSettings } from '#tls/profiles';
import type { ClientSettings, ServerSettings, Side } from '#tls/profiles';
import type { TLSClientProfile, TLSServerProfile } from '#model/resources';
import type { Problem } from '#model/stores';

/** What of a profile the TLS engine is told: everything but names and references. */
export function serverSettings({ spec }: TLSServerProfile): ServerSettings {
  const { title: _, summary: _s, version: _v, keystoreRef: _k, truststoreRef: _t, ...settings } = spec;
  return settings;
}

export function clientSettings({ spec }: TLSClientProfile): ClientSettings {
  const { title: _, summary: _s, version: _v, keystoreRef: _k, truststoreRef: _t, ...settings } = spec;
  return settings;
}

const checked = new WeakMap<object, Problem | false>();

/**
 * Why the settings of a profile cannot be offered; undefined when they can. They were checked when they were written, but
 * perhaps by another version of this program with other suites.
 */
export function settingsProblem(side: Side, profile: TLSClientProfile | TLSServerProfile): Problem | undefined {
  const known = checked.get(profile.spec);
  if (known !== undefined) return known || undefined;
  const problem = checkedNow(side, profile);
  checked.set(profile.spec, problem ?? false);
  return problem;
}

function checkedNow(side: Side, { kind, metadata, spec }: TLSClientProfile | TLSServerProfile): Problem | undefined {
  const [error] = checkSettings(side, spec).errors;
  if (error === undefined) return undefined;
  const message = `${kind} ${metadata.namespace ?? ''}/${metadata.name}: ${error.field}: ${error.message}`;
  return { reason: 'SettingsUnfit', message, hint: error.hint };
}
