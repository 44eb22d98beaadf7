import type { TrustBundle } from '#model/resources';
import { objectTerm, targetOf } from '#model/stores';
import type { Lookup, Outcome } from '#model/stores';
import type { BundleFormat, BundleTarget } from '#model/trust';

/** The files of a target with their passwords, or which password is missing. */
export function targetPasswords(
  lookup: Lookup,
  { metadata }: TrustBundle,
  { formats }: BundleTarget,
): Outcome<readonly BundleFormat[]> {
  const ready: BundleFormat[] = [];
  for (const { format, key, passwordRef } of formats) {
    if (passwordRef === undefined) {
      ready.push({ format, key });
      continue;
    }
    const place = targetOf(passwordRef, metadata.namespace ?? '', 'Secret');
    if (!place.ok) return place;
    const name = passwordRef.key || 'password';
    const value = lookup.get('Secret', place.value.namespace, place.value.name)?.data?.[name];
    if (value === undefined) {
      const message = `${objectTerm('Secret', place.value.namespace, place.value.name)} has no key "${name}"`;
      const hint = `Put the password of ${key} there.`;
      return { ok: false, problem: { reason: 'PasswordNotFound', message, hint, isWaiting: true } };
    }
    ready.push({ format, key, password: Buffer.from(value, 'base64').toString('utf8') });
  }
  return { ok: true, value: ready };
}
