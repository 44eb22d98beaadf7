/** Big-endian, as TLS writes lengths and code points; bytes past the end count as zero. */
export function uint16(bytes: Uint8Array, offset: number): number {
  return ((bytes[offset] ?? 0) << 8) | (bytes[offset + 1] ?? 0);
}
