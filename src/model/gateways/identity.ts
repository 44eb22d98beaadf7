import type { KeyEntryMaterial } from '#pki/material';
import { dateFlaw, objectTerm, resolveKeystore } from '#model/stores';
import type { Lookup, ObjectPlace, Outcome, Problem, StoreMemo } from '#model/stores';
import type { IdentityPlan } from './plans.ts';

/** An identity, and what is wrong with its dates or its chain: then it is better than none, but no better than any other. */
export interface Identity {
  readonly plan: IdentityPlan;
  /** `ns/name` of the Keystore. */
  readonly keystore: string;
  readonly flaw: Problem | undefined;
}

/** What the Keystore at `place` presents. */
export function identityOf(lookup: Lookup, place: ObjectPlace, now: Date, memo: StoreMemo): Outcome<Identity> {
  const resolved = resolveKeystore(lookup, place, now, memo);
  if (!resolved.ok) return resolved;
  const { entry, flaw } = resolved.value;
  const keystore = `${place.namespace}/${place.name}`;
  return { ok: true, value: { plan: planOf(entry), keystore, flaw: flaw ?? dateFlawAt(entry, place, now) } };
}

function dateFlawAt(
  { certificate }: KeyEntryMaterial,
  { namespace, name }: ObjectPlace,
  now: Date,
): Problem | undefined {
  const flaw = dateFlaw(certificate, now);
  const message = `${objectTerm('Keystore', namespace, name)}: ${flaw?.message}`;
  return flaw === undefined ? undefined : { ...flaw, message };
}

const plans = new WeakMap<KeyEntryMaterial, IdentityPlan>();

/** Made once for each reading, so that all who share a keystore share its texts. */
function planOf(entry: KeyEntryMaterial): IdentityPlan {
  const plan = plans.get(entry) ?? {
    certificatePEM: entry.chain.map((certificate) => certificate.toPEM()).join(''),
    privateKeyPEM: entry.key.toPEM('PKCS8'),
    fingerprint: entry.certificate.fingerprint,
    notAfter: earliestEnd(entry),
  };
  plans.set(entry, plan);
  return plan;
}

function earliestEnd({ chain }: KeyEntryMaterial): string {
  const end = Math.min(...chain.map(({ notAfter }) => notAfter.getTime()));
  return `${new Date(end).toISOString().slice(0, -5)}Z`;
}
