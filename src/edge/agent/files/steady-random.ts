import { createHash, createHmac } from 'node:crypto';
import type { RandomBytes } from '#pki/keystore';

/**
 * Salts and initial vectors for a container file, computed from all that goes into it: the same content gives the same
 * bytes, so that a file is rewritten exactly when its content differs, and another content gives other salts. Nobody
 * without `secret`, the key and password in the file, can compute them.
 */
export function steadyRandom(secret: readonly (string | Uint8Array)[]): RandomBytes {
  const seed = createHash('sha256');
  for (const part of secret) seed.update(createHash('sha256').update(part).digest());
  const key = seed.digest();
  let count = 0;
  return (length) => {
    const blocks: Buffer[] = [];
    for (let have = 0; have < length; have += 32) {
      blocks.push(
        createHmac('sha256', key)
          .update(String((count += 1)))
          .digest(),
      );
    }
    return Uint8Array.from(Buffer.concat(blocks).subarray(0, length));
  };
}
