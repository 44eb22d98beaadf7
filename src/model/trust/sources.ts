import type { Certificate as X509 } from '#pki/x509';
import type { ObjectRef, TrustBundle, TrustBundleSource } from '#model/resources';
import { bundleAt, noMemo, objectTerm, resolveTrust, resolveTruststore, targetOf } from '#model/stores';
import type { Lookup, ObjectPlace, Outcome, StoreMemo } from '#model/stores';
import { circleThrough } from './circle.ts';
import { trustedCertificates } from './trusted-certificates.ts';

/** What one source of a bundle gives, or why it gives nothing at the moment. */
export interface ResolvedSource {
  /** For people: `Certificate apic/ingress-ca`, `spec.sources[0]`. */
  readonly from: string;
  readonly certificates: Outcome<readonly X509[]>;
}

/** What every source of the bundle gives. Of another bundle that is what its status says: this ends, whoever names whom. */
export function resolveBundleSources(
  lookup: Lookup,
  bundle: TrustBundle,
  now: Date,
  memo: StoreMemo = noMemo,
): ResolvedSource[] {
  return bundle.spec.sources.map((source, at) => ({
    from: originOf(bundle, source, at),
    certificates: certificatesOf(lookup, bundle, source, at, now, memo),
  }));
}

function certificatesOf(
  lookup: Lookup,
  bundle: TrustBundle,
  source: TrustBundleSource,
  at: number,
  now: Date,
  memo: StoreMemo,
): Outcome<readonly X509[]> {
  const { trustBundleRef, truststoreRef, ...plain } = source;
  const namespace = bundle.metadata.namespace ?? '';
  if (trustBundleRef !== undefined) return fromBundle(lookup, bundle, trustBundleRef);
  if (truststoreRef !== undefined) {
    const place = targetOf(truststoreRef, namespace, 'Truststore');
    return place.ok ? fromTruststore(lookup, bundle, place.value, now, memo) : place;
  }
  return plainly(resolveTrust(lookup, { holder: bundle, source: plain, at }, now, memo));
}

function fromBundle(lookup: Lookup, { metadata }: TrustBundle, ref: ObjectRef): Outcome<readonly X509[]> {
  const place = targetOf(ref, metadata.namespace ?? '', 'TrustBundle');
  if (!place.ok) return place;
  const circle = circleThrough(lookup, placeOf(metadata), { kind: 'TrustBundle', ...place.value });
  if (circle !== undefined) return { ok: false, problem: circle };
  const other = bundleAt(lookup, place.value);
  return other.ok ? { ok: true, value: trustedCertificates(other.value) } : other;
}

function fromTruststore(
  lookup: Lookup,
  { metadata }: TrustBundle,
  place: ObjectPlace,
  now: Date,
  memo: StoreMemo,
): Outcome<readonly X509[]> {
  const circle = circleThrough(lookup, placeOf(metadata), { kind: 'Truststore', ...place });
  return circle === undefined ? plainly(resolveTruststore(lookup, place, now, memo)) : { ok: false, problem: circle };
}

const placeOf = ({ namespace = '', name }: TrustBundle['metadata']): ObjectPlace => ({ namespace, name });

interface Trusted {
  readonly certificates: readonly { readonly certificate: X509 }[];
}

const plainly = (resolved: Outcome<Trusted>): Outcome<readonly X509[]> =>
  resolved.ok ? { ok: true, value: resolved.value.certificates.map(({ certificate }) => certificate) } : resolved;

function originOf({ metadata }: TrustBundle, source: TrustBundleSource, at: number): string {
  const { secretRef, certificateRef, truststoreRef, trustBundleRef } = source;
  const refs = {
    Secret: secretRef,
    Certificate: certificateRef,
    Truststore: truststoreRef,
    TrustBundle: trustBundleRef,
  };
  for (const [kind, ref] of Object.entries(refs)) {
    if (ref !== undefined) return objectTerm(kind, ref.namespace || metadata.namespace, ref.name);
  }
  return `spec.sources[${at}]`;
}
