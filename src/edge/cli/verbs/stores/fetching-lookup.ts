import type { ApiClient, ResourceAddress } from '#edge/api';
import { isCoded } from '#errors';
import type { KubeObject } from '#model/objects';
import {
  certificateKind,
  keystoreKind,
  secretKind,
  tlsClientProfileKind,
  tlsServerProfileKind,
  trustBundleKind,
  truststoreKind,
} from '#model/resources';
import { objectTerm, type Lookup, type ReferredKinds } from '#model/stores';

const addresses: Readonly<Record<keyof ReferredKinds, ResourceAddress>> = {
  Secret: secretKind,
  Certificate: certificateKind,
  Keystore: keystoreKind,
  Truststore: truststoreKind,
  TrustBundle: trustBundleKind,
  TLSClientProfile: tlsClientProfileKind,
  TLSServerProfile: tlsServerProfileKind,
};

/**
 * What `decide` answers once it has seen every object that it asks for: objects are fetched as the need for them shows,
 * because one refers to the next.
 */
export async function withFetched<T>(client: ApiClient, decide: (lookup: Lookup) => T): Promise<T> {
  const fetched = new Map<string, KubeObject | undefined>();
  for (;;) {
    const missing: { kind: keyof ReferredKinds; namespace: string; name: string }[] = [];
    const answer = decide({
      get<K extends keyof ReferredKinds>(kind: K, namespace: string, name: string) {
        const term = objectTerm(kind, namespace, name);
        if (!fetched.has(term)) missing.push({ kind, namespace, name });
        return fetched.get(term) as ReferredKinds[K] | undefined;
      },
    });
    if (missing.length === 0) return answer;
    for (const { kind, namespace, name } of missing) {
      fetched.set(objectTerm(kind, namespace, name), await fetchOne(client, addresses[kind], namespace, name));
    }
  }
}

async function fetchOne(
  client: ApiClient,
  address: ResourceAddress,
  namespace: string,
  name: string,
): Promise<KubeObject | undefined> {
  try {
    return await client.get(address, name, namespace);
  } catch (error) {
    if (isCoded(error, 'not-found')) return undefined;
    throw error;
  }
}
