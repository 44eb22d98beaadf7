import { refTerm, type ObjectRef, type TrustBundle, type Truststore, type Workload } from '#model/resources';
import { bundleTarget } from '#model/trust';
import type { RotationWorld } from './world.ts';

/** Where what Workloads present and trust comes from: the place of a leaf or a bundle; undefined when that is neither. */
export class MaterialPlaces {
  readonly #leaves = new Set<string>();
  readonly #leafOfSecret = new Map<string, string>();
  readonly #keystores;
  readonly #bundleOfSecret = new Map<string, string>();
  readonly #followers = new Map<string, string>();

  constructor({ leaves, keystores, bundles, truststores }: RotationWorld) {
    for (const { certificate } of leaves) {
      const { metadata, spec } = certificate;
      this.#leaves.add(refTerm(metadata, undefined));
      this.#leafOfSecret.set(`${metadata.namespace ?? ''}/${spec.secretName}`, refTerm(metadata, undefined));
    }
    this.#keystores = new Map(keystores.map((one) => [refTerm(one.metadata, undefined), one]));
    for (const bundle of bundles) {
      const { kind, namespace, name } = bundleTarget(bundle);
      if (kind === 'Secret') this.#bundleOfSecret.set(`${namespace}/${name}`, bundlePlace(bundle));
    }
    for (const store of truststores) this.#followers.set(refTerm(store.metadata, undefined), this.#followed(store));
  }

  /** `ns/name` of the leaf that is presented. */
  identity({ metadata, spec }: Workload, name: string | undefined): string | undefined {
    const entry = spec.presents?.find((one) => one.name === name);
    return entry === undefined ? undefined : this.#leafOf(entry, metadata.namespace);
  }

  #leafOf(origin: Origin, namespace: string | undefined): string | undefined {
    const { certificateRef, secretRef, keystoreRef } = origin;
    if (certificateRef !== undefined) return this.#known(refTerm(certificateRef, namespace));
    if (secretRef !== undefined) return this.#leafOfSecret.get(refTerm(secretRef, namespace));
    const keystore = keystoreRef && this.#keystores.get(refTerm(keystoreRef, namespace));
    if (keystore === undefined) return undefined;
    const { keystoreRef: _, ...own } = keystore.spec;
    return this.#leafOf(own, keystore.metadata.namespace);
  }

  #known(place: string): string | undefined {
    return this.#leaves.has(place) ? place : undefined;
  }

  /** `TrustBundle ns/name`, `Truststore ns/name`, or the entry itself. */
  trust({ metadata, spec }: Workload, name: string | undefined): string | undefined {
    const entry = spec.trusts?.find((one) => one.name === name);
    if (entry === undefined) return undefined;
    const { trustBundleRef, truststoreRef, secretRef } = entry;
    if (trustBundleRef !== undefined) return `TrustBundle ${refTerm(trustBundleRef, metadata.namespace)}`;
    if (truststoreRef !== undefined) return this.#followers.get(refTerm(truststoreRef, metadata.namespace));
    const bundle = secretRef && this.#bundleOfSecret.get(refTerm(secretRef, metadata.namespace));
    return bundle ?? `Workload ${refTerm(metadata, undefined)} trusts ${entry.name}`;
  }

  #followed({ metadata, spec }: Truststore): string {
    const [source, ...more] = spec.sources;
    const { secretRef, trustBundleRef } = (more.length === 0 && source) || {};
    if (trustBundleRef !== undefined) return `TrustBundle ${refTerm(trustBundleRef, metadata.namespace)}`;
    const bundle = secretRef && this.#bundleOfSecret.get(refTerm(secretRef, metadata.namespace));
    return bundle ?? `Truststore ${refTerm(metadata, undefined)}`;
  }
}

interface Origin {
  readonly certificateRef?: ObjectRef;
  readonly secretRef?: ObjectRef;
  readonly keystoreRef?: ObjectRef;
}

/** How a plan calls a bundle. */
export const bundlePlace = ({ metadata }: TrustBundle): string => `TrustBundle ${refTerm(metadata, undefined)}`;
