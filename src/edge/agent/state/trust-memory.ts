import { parseCertificatesPEM, type Certificate } from '#pki/x509';
import type { AgentState, TrustMemory } from './agent-state.ts';

/** As many certificates that were trusted once as are looked for; a set changes seldom. */
const mostWithdrawn = 10;

/** What is trusted from now on, and what was before, the newest first. What comes back is withdrawn no more. */
export function nextMemory(before: TrustMemory | undefined, certificates: readonly Certificate[]): TrustMemory {
  const trusted = certificates.map((certificate) => certificate.toPEM());
  const former = [...(before?.trusted ?? []), ...(before?.withdrawn ?? [])];
  const withdrawn = [...new Set(former)].filter((pem) => !trusted.includes(pem)).slice(0, mostWithdrawn);
  return { trusted, withdrawn };
}

/** The certificates of one trust, read. */
export function remembered(
  anchors: AgentState['anchors'],
  name: string,
): { readonly trusted: Certificate[]; readonly withdrawn: Certificate[] } {
  const { trusted = [], withdrawn = [] } = anchors[name] ?? {};
  return { trusted: trusted.flatMap(parseCertificatesPEM), withdrawn: withdrawn.flatMap(parseCertificatesPEM) };
}
