import { randomFillSync } from 'node:crypto';

const serialBytes = 20;
const pool = Buffer.alloc(serialBytes * 200);
let used = pool.length;

/**
 * A serial number of 159 random bits (RFC 5280 4.1.2.2: positive, at most 20 octets): `random` with its top bit cleared.
 */
export function serialNumber(random: Uint8Array): Uint8Array {
  const serial = new Uint8Array(random.subarray(0, serialBytes));
  serial[0]! &= 0x7f;
  return serial;
}

/** A serial number from the system's random source, which is asked for many at once because a call costs 2 µs. */
export function newSerialNumber(): Uint8Array {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  used += serialBytes;
  return serialNumber(pool.subarray(used - serialBytes, used));
}
