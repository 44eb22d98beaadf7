import { certManagerGroup } from './names.ts';

/** A reference to an issuer as users write it. */
export interface IssuerRef {
  readonly name: string;
  readonly kind?: string | undefined;
  readonly group?: string | undefined;
}

/** The reference with what its absent parts mean. */
export function completeIssuerRef(ref: IssuerRef): Required<{ [K in keyof IssuerRef]: string }> {
  return { name: ref.name, kind: ref.kind || 'Issuer', group: ref.group || certManagerGroup };
}

/** Whether two references mean the same issuer. */
export function sameIssuer(a: IssuerRef, b: IssuerRef): boolean {
  const left = completeIssuerRef(a);
  const right = completeIssuerRef(b);
  return left.name === right.name && left.kind === right.kind && left.group === right.group;
}

/** Whether this program's own issuer kinds are meant, not somebody else's. */
export function isOwnGroup(ref: IssuerRef): boolean {
  return completeIssuerRef(ref).group === certManagerGroup;
}
