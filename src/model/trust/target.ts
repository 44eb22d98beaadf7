import type { TrustBundle, TrustBundleFormat } from '#model/resources';

/** Where a bundle is written, and as which files. */
export interface BundleTarget {
  readonly kind: 'ConfigMap' | 'Secret';
  readonly namespace: string;
  readonly name: string;
  /** At least one. */
  readonly formats: readonly TrustBundleFormat[];
}

/** The ConfigMap with the name of the bundle, and `ca-bundle.crt` in it, when nothing else is said. */
export function bundleTarget({ metadata, spec: { target = {} } }: TrustBundle): BundleTarget {
  const { secretName, configMapName, formats = [{ format: 'pem', key: 'ca-bundle.crt' }] } = target;
  const namespace = metadata.namespace ?? '';
  if (secretName !== undefined) return { kind: 'Secret', namespace, name: secretName, formats };
  return { kind: 'ConfigMap', namespace, name: configMapName ?? metadata.name, formats };
}
