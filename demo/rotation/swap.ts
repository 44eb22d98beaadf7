import { certificateKind, trustBundleKind, type TrustBundle } from '#model/resources';
import { bundle, controlAuthority, namespace } from './manifests.ts';
import type { Plane } from './plane.ts';

/** Another CA in the place of the old one as it is done by hand: trust and certificates at once, and nobody waits for anybody. */
export async function swapWithoutStages({ client }: Plane, leaves: readonly string[]): Promise<void> {
  const before = await client.get<TrustBundle>(trustBundleKind, bundle, namespace);
  const forget = (before.status?.anchors ?? []).map(({ fingerprint }) => fingerprint);
  const spec = { sources: [{ certificateRef: { name: controlAuthority } }], forget };
  await client.patch(trustBundleKind, bundle, 'merge', { spec }, { namespace });
  const issuer = { spec: { issuerRef: { name: controlAuthority } } };
  for (const name of leaves) await client.patch(certificateKind, name, 'merge', issuer, { namespace });
}
