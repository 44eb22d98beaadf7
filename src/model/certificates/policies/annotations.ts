import { completeIssuerRef, sameIssuer } from '../issuer-ref.ts';
import { annotation } from '../names.ts';
import type { Policy } from './policy.ts';

/** The Secret must have been issued by the issuer that the spec names; absent annotations count as their defaults. */
export const secretIssuerAnnotationsMismatch: Policy = ({ certificate, secret }) => {
  const annotations = secret?.metadata.annotations ?? {};
  const issuedBy = {
    name: annotations[annotation.issuerName] ?? '',
    kind: annotations[annotation.issuerKind],
    group: annotations[annotation.issuerGroup],
  };
  if (sameIssuer(issuedBy, certificate.spec.issuerRef)) return undefined;
  const { name, kind, group } = completeIssuerRef(issuedBy);
  const message = `Issuing certificate as Secret was previously issued by "${kind}.${group}/${name}"`;
  return { reason: 'IncorrectIssuer', message };
};

/** A Secret that says it belongs to another Certificate is that one's; one that says nothing may be taken. */
export const secretCertificateNameMismatch: Policy = ({ certificate, secret }) => {
  const name = secret?.metadata.annotations?.[annotation.certificateName];
  if (name === undefined || name === certificate.metadata.name) return undefined;
  const message =
    `Secret was issued for "${name}". If this message is not transient, ` +
    'you might have two conflicting Certificates pointing to the same secret.';
  return { reason: 'IncorrectCertificate', message };
};
