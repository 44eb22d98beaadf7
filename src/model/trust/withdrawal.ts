import type { Anchor } from '#model/resources';
import type { BundleSnapshot } from './next-bundle.ts';

export const forgetField = 'spec.forget';

/**
 * Who withdraws the certificate: `Rotation ns/name`, `spec.forget`, or the Rotation that did so earlier and is over;
 * undefined when nobody does. A Rotation that adds it ends an earlier withdrawal.
 */
export function withdrawerOf(
  { bundle, orders = [] }: BundleSnapshot,
  fingerprint: string,
  held: Anchor | undefined,
): string | undefined {
  const order = orders.find(({ withdraw = [] }) => withdraw.includes(fingerprint));
  if (order !== undefined) return order.rotation;
  if (bundle.spec.forget?.includes(fingerprint)) return forgetField;
  const earlier = held?.state === 'withdrawn' ? held.withdrawnBy : undefined;
  if (earlier === forgetField) return undefined;
  return orders.some(({ add }) => add?.certificate.fingerprint === fingerprint) ? undefined : earlier;
}
