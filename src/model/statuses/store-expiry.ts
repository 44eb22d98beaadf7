import { expiryCondition } from '#model/expiry';
import { setCondition } from '#model/objects';
import type { Keystore, KeystoreEntry, KeystoreStatus, Truststore, TruststoreStatus } from '#model/resources';
import { earlier } from './earlier.ts';
import { nextDateChange } from './next-date-change.ts';

type StoreStatus = KeystoreStatus | TruststoreStatus;

/** The status with the condition `Expiring`, and when time alone will change it. */
export function withExpiry(
  store: Keystore | Truststore,
  status: StoreStatus,
  now: Date,
): { status: StoreStatus; nextChange: Date | undefined } {
  const entries: readonly KeystoreEntry[] = status.entries ?? [];
  const certificates = entries.flatMap((entry) => [entry, entry.chain ?? []].flat());
  const { condition, nextChange } = expiryCondition(certificates, now, { managed: isManaged(store) });
  const conditions = [...setCondition(status.conditions, condition, now)];
  return { status: { ...status, conditions }, nextChange: earlier(nextChange, nextDateChange(certificates, now)) };
}

/** Certificates that this program issues are renewed without anybody. */
function isManaged({ spec }: Keystore | Truststore): boolean {
  return 'certificateRef' in spec && spec.certificateRef !== undefined;
}
