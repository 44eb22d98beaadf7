import { createHash, timingSafeEqual } from 'node:crypto';
import type { UserInfo } from '#model/resources';

/** Who comes with a bearer token; only the token's SHA-256 is kept. */
export interface TokenEntry {
  /** 64 hexadecimal digits. */
  readonly sha256: string;
  readonly user: UserInfo;
}

/** Finds the user of a token; takes the same time whichever entry matches. */
export type TokenTable = (token: string) => UserInfo | undefined;

export function createTokenTable(entries: readonly TokenEntry[]): TokenTable {
  const rows = entries.map(({ sha256, user }) => ({ digest: Buffer.from(sha256, 'hex'), user }));
  return (token) => {
    const digest = createHash('sha256').update(token).digest();
    let found: UserInfo | undefined;
    for (const row of rows) {
      if (row.digest.length === digest.length && timingSafeEqual(row.digest, digest)) found ??= row.user;
    }
    return found;
  };
}
