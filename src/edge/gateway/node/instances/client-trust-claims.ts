import type { ListenerPlan } from '#model/gateways';
import type { DesiredMaterial } from '#model/workloads';
import { parseCertificatesPEM, type Certificate } from '#pki/x509';
import type { ClientIdentity } from '#edge/instances';
import { clientTrustProofKey } from '../proving/proof-keys.ts';
import { proveClientTrust, type ClientTrustProver } from '../proving/prove-client-trust.ts';
import type { Prover } from '../proving/prover.ts';

/** What was withdrawn is looked for as long as it is among so many. */
const mostWithdrawn = 32;

export interface ClientTrustClaimsOptions extends ClientTrustProver {
  readonly prover: Prover;
  readonly againMilliseconds: number;
}

/** Claims whom the hosts let in that Workloads are about, with what each has trusted before. */
export class ClientTrustClaims {
  readonly #options: ClientTrustClaimsOptions;
  /** By host, then fingerprint. */
  readonly #trusted = new Map<string, Map<string, Certificate>>();

  constructor(options: ClientTrustClaimsOptions) {
    this.#options = options;
  }

  /** `materials` hold identities by which a client can be played. */
  take(plans: readonly ListenerPlan[], materials: readonly DesiredMaterial[]): void {
    const hosts = new Set(plans.map(({ host }) => host));
    for (const plan of plans) this.#claim(plan, materials);
    for (const host of this.#trusted.keys()) if (!hosts.has(host)) this.#withdraw(host);
  }

  #withdraw(host: string): void {
    this.#trusted.delete(host);
    this.#options.prover.withdraw(clientTrustProofKey({ host }));
  }

  #claim(plan: ListenerPlan, materials: readonly DesiredMaterial[]): void {
    const anchors = plan.clientAnchors.flatMap(({ pem }) => parseCertificatesPEM(pem));
    const withdrawn = this.#withdrawnFrom(plan.host, anchors);
    const { prover, againMilliseconds } = this.#options;
    const clients = clientsOf(materials, anchors, this.#options.now());
    const parts = [plan.digest, ...withdrawn.map(({ fingerprint }) => fingerprint), ...clients.map(({ cert }) => cert)];
    prover.claim(clientTrustProofKey(plan), {
      digest: parts.join(' '),
      againMilliseconds,
      prove: () => proveClientTrust(plan, { anchors, withdrawn, clients }, this.#options),
    });
  }

  #withdrawnFrom(host: string, anchors: readonly Certificate[]): Certificate[] {
    const current = new Set(anchors.map(({ fingerprint }) => fingerprint));
    const before = [...(this.#trusted.get(host)?.values() ?? [])];
    const withdrawn = before.filter(({ fingerprint }) => !current.has(fingerprint)).slice(-mostWithdrawn);
    this.#trusted.set(host, new Map([...withdrawn, ...anchors].map((one) => [one.fingerprint, one])));
    return withdrawn;
  }
}

/** One client for each of the Workload's own certificates that the anchors vouch for. */
function clientsOf(
  materials: readonly DesiredMaterial[],
  anchors: readonly Certificate[],
  now: Date,
): ClientIdentity[] {
  return materials.flatMap((material) => {
    if (material.kind !== 'identity' || !('entry' in material)) return [];
    const { chain, certificate, key } = material.entry;
    const usages = certificate.fields.extendedKeyUsages;
    const isForClients = usages === undefined || usages.includes('client auth') || usages.includes('any');
    const isInDate = chain.every(({ notBefore, notAfter }) => notBefore <= now && now <= notAfter);
    const isIssued = anchors.some((anchor) => chain.at(-1)!.isSignedBy(anchor) || chain.at(-1)!.equals(anchor));
    if (!isForClients || !isInDate || !isIssued) return [];
    return [{ cert: chain.map((one) => one.toPEM()).join(''), key: key.toPEM('PKCS8') }];
  });
}
