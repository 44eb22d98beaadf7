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
