import { refTerm, type Workload, type WorkloadTrust } from '#model/resources';
import type { BundleState } from '#model/rotation';
import { bundlePlace, type MaterialPlaces } from './places.ts';
import type { RotationWorld } from './world.ts';

/** What is trusted, and by what it is changed: only a TrustBundle can be changed by a rotation. */
export function bundleStates(world: RotationWorld, places: MaterialPlaces, authority: string): BundleState[] {
  const trusting = world.workloads.flatMap(({ workload }) =>
    (workload.spec.trusts ?? []).map((entry) => ({ workload, entry, place: places.trust(workload, entry.name) })),
  );
  const used = new Set(trusting.map(({ place }) => place));
  const ours = world.bundles.map((bundle) => ({
    place: bundlePlace(bundle),
    digest: bundle.status?.digest ?? '',
    generation: bundle.status?.bundleGeneration ?? 0,
    anchors: (bundle.status?.anchors ?? []).filter(({ state }) => state !== 'withdrawn').map(fingerprintOf),
  }));
  const files = world.truststores.map(({ metadata, status }) =>
    fixed(`Truststore ${refTerm(metadata, undefined)}`, (status?.entries ?? []).map(fingerprintOf)),
  );
  const direct = trusting
    .filter(({ workload, entry }) => restsOnAuthority(world, workload, entry))
    .map(({ place }) => fixed(place!, [authority]));
  return [...ours, ...files.filter(({ place }) => used.has(place)), ...direct];
}

const fixed = (place: string, anchors: string[]): BundleState => {
  return { place, digest: '', generation: 0, anchors, writable: false };
};

const fingerprintOf = ({ fingerprint }: { readonly fingerprint: string }): string => fingerprint;

/** Whether the entry trusts the CA by naming it, or a certificate beneath it. */
function restsOnAuthority(world: RotationWorld, { metadata }: Workload, entry: WorkloadTrust): boolean {
  const { certificateRef, secretRef } = entry;
  const certificates = [
    ...world.leaves.map(({ certificate }) => certificate),
    ...(world.certificate === undefined ? [] : [world.certificate]),
  ];
  if (certificateRef !== undefined) {
    const place = refTerm(certificateRef, metadata.namespace);
    return certificates.some((one) => refTerm(one.metadata, undefined) === place);
  }
  if (secretRef === undefined) return false;
  const secrets = certificates.map((one) => `${one.metadata.namespace ?? ''}/${one.spec.secretName}`);
  return [refTerm(world.secret.metadata, undefined), ...secrets].includes(refTerm(secretRef, metadata.namespace));
}
