import { setTimeout as delay } from 'node:timers/promises';
import type { ApiClient } from '#edge/api';
import { endpointCertificateKind, gatewayNodeKind, type EndpointCertificate, type GatewayNode } from '#model/resources';

/** What one node says of one endpoint certificate, at one of its endpoints. */
export interface NodeSight {
  readonly node: string;
  readonly endpoint: string;
  readonly state: 'desired' | 'loaded' | 'proven' | 'failed';
  readonly message: string | undefined;
}

/** What `nodes` say of the current content of a certificate. A report about an earlier content does not count. */
export function sightsOf(nodes: readonly GatewayNode[], { metadata }: EndpointCertificate): NodeSight[] {
  const { namespace, name, generation = 0 } = metadata;
  return nodes.flatMap((node) =>
    (node.status?.endpoints ?? [])
      .filter(({ endpointCertificates = [] }) =>
        endpointCertificates.some(
          (one) => one.namespace === namespace && one.name === name && one.generation >= generation,
        ),
      )
      .map(({ endpoint, state, message }) => ({ node: node.metadata.name, endpoint, state, message })),
  );
}

const pauseMilliseconds = 50;

/**
 * Asks until every node that shall use the certificate has proven it, or `deadline` has passed; tells each node once, as
 * soon as it has. Answers the names of those that lag behind, and how many proved it.
 */
export async function untilProven(
  client: ApiClient,
  certificate: EndpointCertificate,
  deadline: number,
  onProven: (sight: NodeSight) => void,
): Promise<{ readonly proven: number; readonly lagging: readonly NodeSight[]; readonly expected: number }> {
  const told = new Set<string>();
  for (;;) {
    const nodes = await Array.fromAsync(client.each<GatewayNode>(gatewayNodeKind));
    const sights = sightsOf(nodes, certificate);
    for (const sight of sights.filter(({ state }) => state === 'proven')) {
      const key = `${sight.node} ${sight.endpoint}`;
      if (!told.has(key)) onProven(sight);
      told.add(key);
    }
    const { metadata } = certificate;
    const now = await client.get<EndpointCertificate>(endpointCertificateKind, metadata.name, metadata.namespace);
    const expected = now.status?.nodes?.desired ?? 0;
    const lagging = sights.filter(({ state }) => state !== 'proven');
    const isSettled = now.status?.observedGeneration === metadata.generation;
    const isDone = isSettled && lagging.length === 0 && (now.status?.nodes?.proven ?? 0) >= expected;
    if (isDone || Date.now() >= deadline) return { proven: told.size, lagging, expected };
    await delay(pauseMilliseconds);
  }
}
