import type { Workload } from '#model/resources';
import type { DesiredMaterial } from '#model/workloads';
import { proveIdentity } from '../probing/prove-identity.ts';
import { proveTrust } from '../probing/prove-trust.ts';
import type { ClientIdentity } from '#edge/instances';
import type { ProbedListener } from '../probing/targets.ts';
import type { AgentState } from '../state/agent-state.ts';
import { remembered } from '../state/trust-memory.ts';
import type { Certificate } from '#pki/x509';
import type { Failure } from '../step.ts';

/** What handshakes have said of a material: nothing is wrong, and whether it was seen at all. */
export interface MaterialProof {
  readonly failure?: Failure;
  readonly isSeen: boolean;
}

export const unseen: MaterialProof = { isSeen: false };

/** The listeners at which a material shows. */
export function listenersOf(
  listeners: readonly ProbedListener[],
  { name, kind }: { readonly name: string; readonly kind: 'identity' | 'trust' },
): ProbedListener[] {
  return listeners.filter(({ listener }) =>
    kind === 'identity'
      ? listener.presents === name
      : listener.clientTrust === name && (listener.mutualAuthentication ?? 'none') !== 'none',
  );
}

/** Proves one certificate at every listener that presents it. */
export async function provePresented(
  listeners: readonly ProbedListener[],
  fingerprint: string | undefined,
  timeoutMilliseconds: number,
): Promise<MaterialProof> {
  if (listeners.length === 0 || fingerprint === undefined) return unseen;
  const step = await proveIdentity(listeners, fingerprint, timeoutMilliseconds);
  return step.ok ? { isSeen: true } : { isSeen: false, failure: step };
}

export interface TrustSurroundings {
  readonly anchors: AgentState['anchors'];
  readonly materials: readonly DesiredMaterial[];
  readonly now: Date;
  readonly timeoutMilliseconds: number;
}

/** Proves one set of trust at every listener that checks clients with it. */
export async function proveTrusted(
  name: string,
  listeners: readonly ProbedListener[],
  { anchors, materials, now, timeoutMilliseconds }: TrustSurroundings,
): Promise<MaterialProof> {
  const { trusted, withdrawn } = remembered(anchors, name);
  const clients = clientsOf(materials, trusted);
  let isSeen = listeners.length > 0;
  for (const listener of listeners) {
    const proof = await proveTrust(listener, { anchors: trusted, withdrawn, clients }, now, timeoutMilliseconds);
    if (proof.failure !== undefined) return proof;
    isSeen &&= proof.isSeen;
  }
  return { isSeen };
}

/** The Workload's own certificates with which a client of one of `anchors` can be played. */
export function clientsOf(materials: readonly DesiredMaterial[], anchors: readonly Certificate[]): ClientIdentity[] {
  return materials.flatMap((material) => {
    if (material.kind !== 'identity' || !('entry' in material)) return [];
    const { chain, certificate, key } = material.entry;
    const usages = certificate.fields.extendedKeyUsages;
    const isForClients = usages === undefined || usages.includes('client auth') || usages.includes('any');
    const isIssued = anchors.some((anchor) => chain.at(-1)!.isSignedBy(anchor) || chain.at(-1)!.equals(anchor));
    if (!isForClients || !isIssued) return [];
    return [{ cert: chain.map((one) => one.toPEM()).join(''), key: key.toPEM('PKCS8') }];
  });
}

/** Every set of certificates that the Workload's listeners check clients with, together. */
export function clientAnchors({ spec }: Workload, anchors: AgentState['anchors']): Certificate[] {
  const names = new Set((spec.listens ?? []).flatMap(({ clientTrust }) => clientTrust ?? []));
  return [...names].flatMap((name) => remembered(anchors, name).trusted);
}
