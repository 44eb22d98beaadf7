/** Terms of indexes that several kinds share, so that who looks up and who writes spell them alike. */

const ownGroup = 'cert-manager.io';

interface IssuerRefLike {
  readonly name: string;
  readonly kind?: string;
  readonly group?: string;
}

/**
 * Term of the index `issuer`: `Issuer/ns/name`, `ClusterIssuer//name`; an external kind carries its group:
 * `AWSPCAIssuer.awspca.cert-manager.io/ns/name`. An absent kind is Issuer, an absent group cert-manager.io.
 */
export function issuerTerm(issuerRef: IssuerRefLike, namespace: string): string {
  const kind = issuerRef.kind || 'Issuer';
  const group = issuerRef.group || ownGroup;
  const qualified = group === ownGroup ? kind : `${kind}.${group}`;
  return `${qualified}/${qualified === 'ClusterIssuer' ? '' : namespace}/${issuerRef.name}`;
}

/** `ns/name`, the term under which an object of a namespace is found by name. */
export const namespacedTerm = (namespace: string | undefined, name: string): string => `${namespace ?? ''}/${name}`;

interface Place {
  readonly name: string;
  readonly namespace?: string | undefined;
}

/** The terms, `ns/name`, of what an object of the namespace in `metadata` refers to; references left out have none. */
export const refTerms = (metadata: Pick<Place, 'namespace'>, ...refs: readonly (Place | undefined)[]): string[] =>
  distinct(refs.flatMap((ref) => (ref === undefined ? [] : [refTerm(ref, metadata.namespace)])));

/** `ns/name` of what `ref` names, seen from an object in `namespace`. */
export const refTerm = (ref: Place, namespace: string | undefined): string =>
  namespacedTerm(ref.namespace || namespace, ref.name);

interface Fingerprinted {
  readonly fingerprint: string;
  readonly chain?: readonly Fingerprinted[] | undefined;
}

/** The fingerprints of certificates and of those in their chains. */
export const fingerprintsIn = (entries: readonly Fingerprinted[] = []): string[] =>
  distinct(entries.flatMap(({ fingerprint, chain = [] }) => [fingerprint, ...chain.map((one) => one.fingerprint)]));

const distinct = (terms: readonly string[]): string[] => [...new Set(terms)];
