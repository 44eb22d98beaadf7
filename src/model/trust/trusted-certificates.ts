import { parseCertificatesPEM } from '#pki/x509';
import type { Certificate as X509 } from '#pki/x509';
import type { TrustBundle } from '#model/resources';
import { trustedAnchors } from '#model/stores';

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
