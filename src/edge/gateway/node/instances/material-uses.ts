import { hash } from 'node:crypto';
import type { AnchorPlan, IdentityPlan, ListenerPlan, RoutePlan } from '#model/gateways';
import type { WantedMaterial } from '#model/resources';
import { trustDigest } from '#model/trust';
import type { MaterialUse, UseProof } from '#model/workloads';
import { parseCertificatesPEM } from '#pki/x509';
import type { Unit } from '../compiling/unit.ts';
import { clientTrustProofKey, listenerProofKey, upstreamProofKey } from '../proving/proof-keys.ts';

/** What a node has loaded, and what is known of it. */
export interface LoadedPlans {
  readonly listeners: ReadonlyMap<string, Unit<ListenerPlan>>;
  readonly routes: ReadonlyMap<string, Unit<RoutePlan>>;
  readonly proofOf: (key: string) => UseProof | undefined;
  /** Whether the plan is in the snapshot on the disk. */
  readonly isKept: (plan: ListenerPlan | RoutePlan) => boolean;
  /** Whether something that began under an earlier plan still runs. */
  readonly hasFormer: (part: { readonly host: string } | { readonly endpoint: string }) => boolean;
}

/** A store that a Workload names, as its node sees it. */
export interface WantedStore {
  readonly wanted: WantedMaterial;
  /** `ns/name` */
  readonly place: string;
  /** Whether the store at `ns/name` is this one, or is made from it. */
  readonly isIn: (store: string | undefined) => boolean;
  /** Fingerprints of what shall be trusted; of a set that cannot be had now, undefined. */
  readonly trusted?: ReadonlySet<string> | undefined;
}

/** Every place where the store shows, each way to a backend once. */
export function usesOf(store: WantedStore, plans: LoadedPlans): MaterialUse[] {
  return [...listenersWith(store, plans), ...upstreamsWith(store, plans)];
}

function* listenersWith(store: WantedStore, plans: LoadedPlans): Generator<MaterialUse> {
  const isIdentity = store.wanted.kind === 'identity';
  for (const [host, unit] of plans.listeners) {
    const plan = unit.loaded;
    if (plan === undefined || !store.isIn(isIdentity ? plan.keystore : plan.truststore)) continue;
    const proofs = [listenerProofKey(plan), ...(isIdentity ? [] : [clientTrustProofKey(plan)])].map(plans.proofOf);
    const holds = isIdentity ? presents(store, plan.identity) : trusts(store, plan.truststore, plan.clientAnchors);
    const what = `host ${host}`;
    yield { what, holds, proofs, ...troubleOf(unit), isKept: plans.isKept(plan), isAlone: !plans.hasFormer({ host }) };
  }
}

function* upstreamsWith(store: WantedStore, plans: LoadedPlans): Generator<MaterialUse> {
  const isIdentity = store.wanted.kind === 'identity';
  const seen = new Map<string, MaterialUse>();
  for (const unit of plans.routes.values()) {
    const plan = unit.loaded;
    if (plan === undefined) continue;
    const { upstream } = plan;
    if (!store.isIn(isIdentity ? upstream.keystore : upstream.truststore)) continue;
    const key = upstreamProofKey(plan);
    const isKept = plans.isKept(plan);
    const before = seen.get(key);
    if (before !== undefined) {
      if (!isKept) seen.set(key, { ...before, isKept });
      continue;
    }
    const { endpoint } = upstream;
    const holds = isIdentity
      ? upstream.identity !== undefined && presents(store, upstream.identity)
      : trusts(store, upstream.truststore, upstream.anchors.filter(isOfTruststore));
    const isAlone = !plans.hasFormer({ endpoint });
    seen.set(key, {
      what: `backend ${endpoint}`,
      holds,
      proofs: [plans.proofOf(key)],
      ...troubleOf(unit),
      isKept,
      isAlone,
    });
  }
  yield* seen.values();
}

/** Others are trusted beside it, for that backend alone: EndpointCertificates. */
const isOfTruststore = ({ from }: AnchorPlan): boolean => from.startsWith('Truststore ');

const presents = ({ wanted }: WantedStore, identity: IdentityPlan): boolean => chainDigest(identity) === wanted.digest;

/** The set itself, or one that it is a part of: that of a store which is made from this one and others. */
function trusts({ wanted, place, trusted }: WantedStore, store: string | undefined, anchors: readonly AnchorPlan[]) {
  const fingerprints = anchors.map(({ fingerprint }) => fingerprint);
  if (store === place) return trustDigest(fingerprints) === wanted.digest;
  const held = new Set(fingerprints);
  return trusted !== undefined && trusted.isSubsetOf(held);
}

const digests = new WeakMap<IdentityPlan, string>();

/** As `status.materials` of a Workload has it. */
function chainDigest(identity: IdentityPlan): string {
  const known =
    digests.get(identity) ??
    hash(
      'sha256',
      parseCertificatesPEM(identity.certificatePEM)
        .map(({ fingerprint }) => fingerprint)
        .join('\n'),
    );
  digests.set(identity, known);
  return known;
}

function troubleOf({ problem, refusal }: Unit<unknown>): Pick<MaterialUse, 'problem'> {
  const message = refusal?.message ?? problem?.message;
  return message === undefined ? {} : { problem: message };
}
