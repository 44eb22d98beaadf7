import type { TrustedMaterial } from '#pki/material';
import { namespacedTerm } from '#model/resources';
import type { ObjectRef, Workload, WorkloadTrust } from '#model/resources';
import { bundleAt, resolveTrust, resolveTruststore, targetOf } from '#model/stores';
import type { Lookup, Outcome, StoreMemo } from '#model/stores';
import { trustDigest, trustedCertificates } from '#model/trust';
import type { DesiredTrust, UnresolvedMaterial } from './desired-materials.ts';
import { markBefore, nextMark } from './mark.ts';

interface Numbered<T> {
  readonly entry: T;
  readonly at: number;
}

interface TrustSet {
  readonly certificates: readonly TrustedMaterial[];
  readonly bundle: string | undefined;
  /** The generation that a bundle gives. */
  readonly generation: number | undefined;
}

/** What an entry of `spec.trusts` stands for. */
export function desiredTrust(
  lookup: Lookup,
  workload: Workload,
  numbered: Numbered<WorkloadTrust>,
  now: Date,
  memo: StoreMemo,
): DesiredTrust | UnresolvedMaterial {
  const kind = 'trust';
  const { name } = numbered.entry;
  const before = markBefore(workload, name, kind);
  const set = trustSet(lookup, workload, numbered, now, memo);
  if (!set.ok) return { name, kind, mark: before, problem: set.problem };
  const { certificates, bundle, generation } = set.value;
  const digest = trustDigest(certificates.map(({ certificate }) => certificate.fingerprint));
  return { name, kind, mark: nextMark(before, { digest }, now, generation), certificates, bundle };
}

function trustSet(
  lookup: Lookup,
  workload: Workload,
  { entry, at }: Numbered<WorkloadTrust>,
  now: Date,
  memo: StoreMemo,
): Outcome<TrustSet> {
  const { name: _, trustBundleRef, truststoreRef, ...source } = entry;
  const namespace = workload.metadata.namespace ?? '';
  if (trustBundleRef !== undefined) return bundleSet(lookup, trustBundleRef, namespace);
  if (truststoreRef !== undefined) {
    const place = targetOf(truststoreRef, namespace, 'Truststore');
    return place.ok ? plainSet(resolveTruststore(lookup, place.value, now, memo)) : place;
  }
  const { kind, metadata } = workload;
  return plainSet(resolveTrust(lookup, { holder: { kind, metadata, field: 'trusts' }, source, at }, now, memo));
}

function bundleSet(lookup: Lookup, ref: ObjectRef, namespace: string): Outcome<TrustSet> {
  const place = targetOf(ref, namespace, 'TrustBundle');
  if (!place.ok) return place;
  const bundle = bundleAt(lookup, place.value);
  if (!bundle.ok) return bundle;
  const certificates = trustedCertificates(bundle.value).map((certificate) => ({
    certificate,
    isCA: certificate.isCA,
  }));
  const { bundleGeneration } = bundle.value.status ?? {};
  const term = namespacedTerm(place.value.namespace, place.value.name);
  return { ok: true, value: { certificates, bundle: term, generation: bundleGeneration } };
}

const plainSet = (resolved: Outcome<{ readonly certificates: readonly TrustedMaterial[] }>): Outcome<TrustSet> =>
  resolved.ok
    ? { ok: true, value: { certificates: resolved.value.certificates, bundle: undefined, generation: undefined } }
    : resolved;
