import { isCoded } from '#errors';
import { mediaTypes, objectPath, type ResourceAddress } from '#edge/api';
import type { Connection } from '#edge/following';
import type { KubeObject } from '#model/objects';
import { certificateKind, keystoreKind, secretKind, trustBundleKind, truststoreKind } from '#model/resources';

const kinds: Readonly<Record<string, ResourceAddress>> = {
  Secret: secretKind,
  Certificate: certificateKind,
  Keystore: keystoreKind,
  Truststore: truststoreKind,
  TrustBundle: trustBundleKind,
};

/**
 * Whether what the node sees of these objects is what the API has at this moment. A watch may lag behind that of the
 * Workload: who has loaded the same set in an earlier round may have the round between still before it.
 */
export async function isCurrent(
  connection: Connection,
  terms: Iterable<string>,
  revisionOf: (term: string) => string | undefined,
): Promise<boolean> {
  const looks = Array.from(terms, async (term) => (await revisionAt(connection, term)) === revisionOf(term));
  return (await Promise.all(looks)).every(Boolean);
}

async function revisionAt({ client }: Connection, term: string): Promise<string | undefined> {
  const [, kind = '', namespace = '', name = ''] = /^(\w+) ([^/]*)\/(.+)$/.exec(term) ?? [];
  const address = kinds[kind];
  if (address === undefined) return undefined;
  try {
    const path = objectPath(address, namespace, name);
    // Only metadata: keys do not travel for this.
    const { metadata } = await client.json<KubeObject>({ method: 'GET', path, accept: mediaTypes.partialObject });
    return metadata.resourceVersion;
  } catch (error) {
    if (isCoded(error, 'not-found')) return undefined;
    throw error;
  }
}
