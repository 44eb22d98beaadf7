import { parseCertificatesPEM } from '#pki/x509';
import type { Certificate as X509 } from '#pki/x509';
import type { Anchor, TrustBundle } from '#model/resources';
import { objectTerm } from '#model/stores';
import type { ObjectPlace, Outcome } from '#model/stores';
import type { TrustLookup } from './lookup.ts';

/** The anchors that are trusted: all but those that were withdrawn. */
export const trustedAnchors = ({ status }: Pick<TrustBundle, 'status'>): Anchor[] =>
  (status?.anchors ?? []).filter(({ state }) => state !== 'withdrawn');

const read = new WeakMap<object, readonly X509[]>();

/** The certificates that a bundle trusts, in its order; read once for all who ask about the same object. */
export function trustedCertificates(bundle: Pick<TrustBundle, 'status'>): readonly X509[] {
  const anchors = bundle.status?.anchors;
  if (anchors === undefined) return [];
  const known =
    read.get(anchors) ?? trustedAnchors(bundle).flatMap(({ certificate }) => parseCertificatesPEM(certificate));
  read.set(anchors, known);
  return known;
}

/** The bundle at `place`, once it trusts something. */
export function bundleAt(lookup: TrustLookup, { namespace, name }: ObjectPlace): Outcome<TrustBundle> {
  const term = objectTerm('TrustBundle', namespace, name);
  const bundle = lookup.trustBundle(namespace, name);
  if (bundle === undefined) {
    const message = `${term} does not exist`;
    const hint = 'Create the TrustBundle.';
    return { ok: false, problem: { reason: 'TrustBundleNotFound', message, hint, isWaiting: true } };
  }
  if (trustedAnchors(bundle).length > 0) return { ok: true, value: bundle };
  const message = `${term} holds no certificate yet`;
  const hint = `Look at it: kubectl describe trustbundle -n ${namespace} ${name}.`;
  return { ok: false, problem: { reason: 'TrustBundleNotReady', message, hint, isWaiting: true } };
}
