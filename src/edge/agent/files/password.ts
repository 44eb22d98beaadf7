import type { SecretFileRef } from '#model/resources';
import { objectTerm, targetOf, type Lookup, type Outcome } from '#model/stores';

/** The password that a file of a Workload is written with; undefined without a reference. */
export function passwordIn(
  lookup: Lookup,
  ref: SecretFileRef | undefined,
  namespace: string,
): Outcome<string | undefined> {
  if (ref === undefined) return { ok: true, value: undefined };
  const place = targetOf(ref, namespace, 'Secret');
  if (!place.ok) return place;
  const key = ref.key ?? 'password';
  const value = lookup.get('Secret', place.value.namespace, place.value.name)?.data?.[key];
  if (value !== undefined) return { ok: true, value: Buffer.from(value, 'base64').toString('utf8') };
  const message = `${objectTerm('Secret', place.value.namespace, place.value.name)} has no key "${key}"`;
  return { ok: false, problem: { reason: 'PasswordNotFound', message, hint: 'Put the password under that key.' } };
}
