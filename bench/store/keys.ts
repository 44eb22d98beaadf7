import { createHash, randomBytes } from 'node:crypto';
import type { KvChange } from '../../src/control/store/kv.ts';

/** As long as a certificate with its status. */
export const value = randomBytes(2048);

/** Keys that come in no order, as names do at worst. */
export function keyOf(index: number): string {
  const name = createHash('sha1').update(`${index}`).digest('hex');
  return `/registry/cert-manager.io/certificates/default/${name}`;
}

/** A create with the two index terms that a certificate has: when it is due, and whom it belongs to. */
export function creation(index: number): KvChange {
  const key = keyOf(index);
  return { key, expect: 0, value, terms: [`due/2026-11-${(index % 28) + 1}`, `owner/${key}`] };
}
