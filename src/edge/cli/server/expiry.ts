import { ownPaths } from '#edge/api';
import { isCoded } from '#errors';
import type { ExpiryList } from '#model/expiry';
import type { Access } from './access.ts';

export interface ExpiryRequest {
  readonly withinSeconds: number;
  readonly limit: number;
}

/** What the server knows of certificates that expire, in the namespace that is meant; undefined when it knows nothing of that. */
export async function fetchExpiry(
  { client, namespace }: Access,
  { withinSeconds, limit }: ExpiryRequest,
): Promise<ExpiryList | undefined> {
  const query = { within: `${withinSeconds}s`, limit };
  try {
    const list = await client.json<ExpiryList>({ method: 'GET', path: ownPaths.expiry, query });
    if (namespace === undefined) return list;
    return { ...list, items: list.items.filter(({ source }) => source.namespace === namespace) };
  } catch (error) {
    if (isCoded(error, 'not-found')) return undefined;
    throw error;
  }
}
