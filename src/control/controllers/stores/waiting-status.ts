import { conditionOf, setCondition } from '#model/objects';
import type { Keystore, KeystoreStatus, Truststore, TruststoreStatus } from '#model/resources';
import { certificatesFollowedBy } from '../defaults/default-stores.ts';

type StoreStatus = KeystoreStatus | TruststoreStatus;

/** The status of a default store says that its Certificate may come in any namespace. */
export function withWaiting(store: Keystore | Truststore, status: StoreStatus, now: Date): StoreStatus {
  const names = certificatesFollowedBy(store);
  const ready = conditionOf(status.conditions, 'Ready');
  if (names.length === 0 || ready?.reason !== 'CertificateNotFound') return status;
  const { lastTransitionTime: _, ...update } = ready;
  const message = `waits for a Certificate ${names.join(' or ')} in any namespace`;
  return { ...status, conditions: [...setCondition(status.conditions, { ...update, message }, now)] };
}
