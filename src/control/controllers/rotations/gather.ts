import { isConditionTrue, isOwnedBy } from '#model/objects';
import { certManagerKeys, chanceryKeys } from '#model/resources';
import type { Rotation, TrustBundle, Truststore } from '#model/resources';
import { crossKey } from '#model/certificates';
import { objectTerm, trustedAnchors } from '#model/stores';
import { trustDigest } from '#model/trust';
import type { BundleState, CAFacts, LeafState, OtherRotation, RotationSnapshot, SignerState } from '#model/rotation';
import type { LoopContext } from '../context.ts';
import { placeOf } from '../queue-loop.ts';
import { readReferred } from '../stores/referred-objects.ts';
import { termOf } from '../usage/direct-users.ts';
import { factsIn, factsOf } from './authority-facts.ts';
import { authorityPlace, chainIn, readAuthoritySecrets } from './authority-secrets.ts';
import type { AuthorityPlace, AuthoritySecrets } from './authority-secrets.ts';
import { nextCertificateName } from './authority-names.ts';
import { instanceStates } from './instance-states.ts';
import type { CurrentAt } from './instance-states.ts';
import { leafFacts, signedBy } from './leaf-facts.ts';
import { LeafRegistry, leafPlace } from './leaf-registry.ts';
import { linkStates } from './link-states.ts';
import { progressOf, wishOf } from './rotation-progress.ts';
import { runningRotations } from './running-rotations.ts';
import { isWritten } from './workload-registry.ts';
import type { KnownWorkload, PlainTrust, WorkloadRegistry } from './workload-registry.ts';

/** What a running Rotation keeps in mind; all of it can be read again. */
export interface RotationMind {
  leaves: LeafRegistry | undefined;
  /** Secret that the leaves are those of. */
  root: string;
}

export interface Gathered {
  readonly rotation: Rotation;
  readonly place: AuthorityPlace;
  readonly secrets: AuthoritySecrets;
  readonly leaves: LeafRegistry;
  readonly snapshot: RotationSnapshot;
}

/** What keeps a Rotation from being looked at. */
export interface NotGathered {
  readonly problem: { readonly reason: string; readonly message: string; readonly hint: string };
}

/** Everything that decides about a Rotation. */
export async function gatherRotation(
  context: LoopContext,
  rotation: Rotation,
  mind: RotationMind,
  workloads: WorkloadRegistry,
): Promise<Gathered | NotGathered> {
  const place = await authorityPlace(context, rotation);
  if (place === undefined) return missing('CertificateNotFound', `Certificate ${caName(rotation)} does not exist`);
  const secrets = await readAuthoritySecrets(context, place);
  const signer = factsOf(chainIn(secrets.signer));
  if (signer === undefined) {
    return missing('SecretNotFound', `Secret ${place.namespace}/${place.secretName} holds no certificate of a CA`);
  }
  const issuedFor = secrets.signer?.metadata.annotations?.[certManagerKeys.certificateName];
  if (place.certificate === undefined && issuedFor !== undefined) return isIssued(place, issuedFor);
  const { old, next, nextCA } = await authorities(context, rotation, place, secrets, signer);
  const leaves = registryOf(context, mind, place);
  const own = await leaves.states(old, next ?? nextCA);
  const known = withCertificatePlaces(await workloads.all(), leaves);
  const foreign = await foreignLeaves(context, known, old, next ?? nextCA);
  const bundles = await bundleStates(context, place, known, old, next ?? nextCA);
  const progress = progressOf(rotation, [old, next, nextCA]);
  const all = [...own, ...foreign];
  const currentAt = currentOf(bundles, all);
  const snapshot: RotationSnapshot = {
    now: context.clock.now(),
    name: nameOf(rotation),
    wish: wishOf(rotation),
    progress,
    oldCA: old,
    nextCA,
    signer: await signerState(context, place, secrets, signer, next),
    bundles,
    leaves: all,
    instances: [...known].flatMap(([key, one]) => instanceStates(key, one, currentAt, progress.stageSince)),
    links: linkStates(workloads.links().links, known),
    others: await otherRotations(context, rotation),
  };
  return { rotation, place, secrets, leaves, snapshot };
}

const missing = (reason: string, message: string): NotGathered => ({
  problem: { reason, message, hint: 'Create it, or make the Rotation anew with the right name.' },
});

/** Its Certificate would see another CA in its Secret, and issue it anew. */
const isIssued = ({ namespace, secretName }: AuthorityPlace, certificate: string): NotGathered => ({
  problem: {
    reason: 'SecretIsIssued',
    message: `Secret ${namespace}/${secretName} belongs to Certificate ${certificate}`,
    hint: 'Name the Certificate in spec.certificateRef of another Rotation, and delete this one.',
  },
});

const nameOf = ({ metadata }: Rotation): string => `${metadata.namespace ?? ''}/${metadata.name}`;
const caName = ({ spec }: Rotation): string => (spec.certificateRef ?? spec.secretRef)?.name ?? '';

interface Authorities {
  readonly old: CAFacts;
  /** As recorded. */
  readonly next: CAFacts | undefined;
  /** As it lies there. */
  readonly nextCA: CAFacts | undefined;
}

async function authorities(
  context: LoopContext,
  rotation: Rotation,
  place: AuthorityPlace,
  secrets: AuthoritySecrets,
  signer: CAFacts,
): Promise<Authorities> {
  const { status = {} } = rotation;
  const kept = [signer, factsOf(chainIn(secrets.next)), factsOf(chainIn(secrets.previous))];
  const find = (fingerprint: string | undefined): CAFacts | undefined =>
    kept.find((one) => one !== undefined && one.fingerprint === fingerprint);
  const old = factsIn(status.old, find(status.old?.fingerprint)) ?? signer;
  const next = factsIn(status.next, find(status.next?.fingerprint));
  if (next !== undefined) return { old, next, nextCA: next };
  const candidate = factsOf(chainIn(secrets.next));
  const isMade = candidate !== undefined && candidate.fingerprint !== old.fingerprint;
  return { old, next, nextCA: isMade && (await isReady(context, rotation, place, secrets)) ? candidate : undefined };
}

/** Whether the next CA is whole and of this Rotation: made by its Certificate for good, or given with its key. */
async function isReady(
  { store, kinds }: LoopContext,
  rotation: Rotation,
  place: AuthorityPlace,
  { next }: AuthoritySecrets,
): Promise<boolean> {
  if (!next?.data?.['tls.key']) return false;
  if (place.certificate === undefined) {
    return place.isNextGiven || next.metadata.annotations?.[chanceryKeys.rotation] === nameOf(rotation);
  }
  const name = nextCertificateName(place.certificate);
  const made = await store.get({ kind: kinds.certificate, namespace: place.namespace, name });
  return made !== undefined && isOwnedBy(made, rotation) && isConditionTrue(made.status?.conditions, 'Ready');
}

function registryOf(context: LoopContext, mind: RotationMind, place: AuthorityPlace): LeafRegistry {
  const root = `${place.namespace}/${place.secretName}`;
  if (mind.leaves === undefined || mind.root !== root) {
    const { certificate, namespace } = place;
    const names = certificate === undefined ? [] : [certificate.metadata.name, nextCertificateName(certificate)];
    mind.leaves = new LeafRegistry(
      context,
      root,
      names.map((name) => `${namespace}/${name}`),
    );
    mind.root = root;
  }
  return mind.leaves;
}

/** A Secret that a Certificate is issued into is that Certificate's. */
function withCertificatePlaces(
  workloads: ReadonlyMap<string, KnownWorkload>,
  leaves: LeafRegistry,
): ReadonlyMap<string, KnownWorkload> {
  const mapped = new Map<string, KnownWorkload>();
  for (const [key, one] of workloads) {
    const places = new Map<string, string>();
    for (const [name, at] of one.places) {
      const certificate = at.startsWith('Secret ') ? leaves.certificateIn(at.slice('Secret '.length)) : undefined;
      places.set(name, certificate === undefined ? at : leafPlace(certificate));
    }
    mapped.set(key, { ...one, places });
  }
  return mapped;
}

/** Certificates of the CA that were brought along, and that Workloads present. */
async function foreignLeaves(
  { store, kinds }: LoopContext,
  workloads: ReadonlyMap<string, KnownWorkload>,
  old: CAFacts,
  next: CAFacts | undefined,
): Promise<LeafState[]> {
  const secrets = new Set<string>();
  for (const { places } of workloads.values()) {
    for (const at of places.values()) if (at.startsWith('Secret ')) secrets.add(at);
  }
  const found: LeafState[] = [];
  for (const place of secrets) {
    const facts = leafFacts(await store.get({ kind: kinds.secret, ...placeOf(place.slice('Secret '.length)) }));
    const issuedFrom = facts === undefined ? '' : signedBy(facts, old, next);
    if (facts === undefined || issuedFrom === '') continue;
    const { fingerprint, notAfter } = facts;
    found.push({ place, issuedFrom, fingerprint, generation: 0, ready: true, notAfter, reissuable: false });
  }
  return found;
}

async function bundleStates(
  context: LoopContext,
  place: AuthorityPlace,
  workloads: ReadonlyMap<string, KnownWorkload>,
  old: CAFacts,
  next: CAFacts | undefined,
): Promise<BundleState[]> {
  const { store, kinds } = context;
  const states = new Map<string, BundleState>();
  const ca = caTerm(place);
  for (const value of [old.fingerprint, ...(next === undefined ? [] : [next.fingerprint])]) {
    const index = { name: 'fingerprint', value };
    const bundles = await store.list<TrustBundle>({ kind: kinds.trustBundle }, { index });
    for (const bundle of bundles.items) states.set(termOf(bundle), bundleState(bundle));
    const truststores = await store.list<Truststore>({ kind: kinds.truststore }, { index });
    for (const truststore of truststores.items) {
      if ((truststore.status?.usedByCount ?? 0) === 0) continue;
      const referred = await readReferred(context, truststore, () => undefined);
      states.set(termOf(truststore), truststoreState(truststore, isWritten(referred) || referred.has(ca)));
    }
  }
  for (const { workload, plainTrusts } of workloads.values()) {
    for (const trust of plainTrusts) states.set(trust.place, plainState(workload, trust, ca));
  }
  return [...states.values()];
}

const caTerm = ({ certificate, namespace }: AuthorityPlace): string =>
  certificate === undefined ? '' : objectTerm('Certificate', namespace, certificate.metadata.name);

function bundleState(bundle: TrustBundle): BundleState {
  const { digest = '', bundleGeneration = 0 } = bundle.status ?? {};
  const anchors = trustedAnchors(bundle).map(({ fingerprint }) => fingerprint);
  return { place: termOf(bundle), digest, generation: bundleGeneration, anchors };
}

/** One that is made from the CA itself, or from a bundle, follows it; others hold what somebody put there. */
function truststoreState(truststore: Truststore, follows: boolean): BundleState {
  const anchors = (truststore.status?.entries ?? []).map(({ fingerprint }) => fingerprint);
  const rest = follows ? {} : { writable: false };
  return { place: termOf(truststore), digest: trustDigest(anchors), generation: 0, anchors, ...rest };
}

function plainState(workload: KnownWorkload['workload'], trust: PlainTrust, ca: string): BundleState {
  const { place, anchors, isWritten, certificates } = trust;
  const name = place.slice(place.lastIndexOf(' ') + 1);
  const wanted = workload.status?.materials?.find((one) => one.name === name && one.kind === 'trust');
  const rest = isWritten || certificates.includes(ca) ? {} : { writable: false };
  return { place, digest: wanted?.digest ?? '', generation: wanted?.generation ?? 0, anchors, ...rest };
}

function currentOf(bundles: readonly BundleState[], leaves: readonly LeafState[]): CurrentAt {
  const bundleAt = new Map(bundles.map((one) => [one.place, one]));
  const leafAt = new Map(leaves.map((one) => [one.place, one]));
  return (place) => {
    const bundle = bundleAt.get(place);
    if (bundle !== undefined) return { content: bundle.digest, generation: bundle.generation };
    const leaf = leafAt.get(place);
    return leaf && { content: leaf.fingerprint, generation: leaf.generation };
  };
}

async function signerState(
  { store, kinds }: LoopContext,
  { namespace, certificate, isNextGiven }: AuthorityPlace,
  { signer, previous, next }: AuthoritySecrets,
  { fingerprint }: CAFacts,
  recorded: CAFacts | undefined,
): Promise<SignerState> {
  const made =
    certificate === undefined
      ? undefined
      : await store.get({ kind: kinds.certificate, namespace, name: nextCertificateName(certificate) });
  const nextKept = !isNextGiven && (next !== undefined || made !== undefined);
  // A store that is not atomic may have left what was put in place beside it: that goes as the one before goes.
  const isLeft = nextKept && fingerprint === recorded?.fingerprint;
  const crossed = signer?.data?.[crossKey] !== undefined;
  return { current: fingerprint, crossed, previousKept: previous !== undefined || isLeft, nextKept };
}

async function otherRotations(context: LoopContext, rotation: Rotation): Promise<OtherRotation[]> {
  const running = await runningRotations(context);
  return running
    .filter(({ metadata }) => metadata.uid !== rotation.metadata.uid)
    .map((other) => {
      const { stage = 'Stable', old, next } = other.status ?? {};
      return { name: nameOf(other), stage, authorities: [old, next].flatMap((one) => one?.fingerprint ?? []) };
    });
}
