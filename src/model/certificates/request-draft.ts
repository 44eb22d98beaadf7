import { ownerReferenceTo } from '#model/objects';
import type { Certificate, CertificateRequest } from '#model/resources';
import { annotation } from './names.ts';
import { requestName } from './request-name.ts';

/** Annotations of tools that describe the Certificate's own file, not the request. */
const notCopied = ['kubectl.kubernetes.io/', 'fluxcd.io/', 'argocd.argoproj.io/'];

/** The CertificateRequest of one revision, before it is stored. */
export function requestDraft(
  certificate: Certificate,
  revision: number,
  requestPEM: string,
  keySecretName: string,
): CertificateRequest {
  const { metadata, spec } = certificate;
  const { duration, isCA, usages } = spec;
  return {
    apiVersion: 'cert-manager.io/v1',
    kind: 'CertificateRequest',
    metadata: {
      ...unstored,
      generation: 1,
      name: requestName(metadata.name, revision),
      ...(metadata.namespace === undefined ? {} : { namespace: metadata.namespace }),
      ...(metadata.labels === undefined ? {} : { labels: metadata.labels }),
      annotations: {
        ...copiedAnnotations(metadata.annotations ?? {}),
        [annotation.certificateName]: metadata.name,
        [annotation.certificateRevision]: String(revision),
        [annotation.privateKeySecretName]: keySecretName,
      },
      ownerReferences: [ownerReferenceTo(certificate)],
    },
    spec: {
      request: Buffer.from(requestPEM).toString('base64'),
      issuerRef: spec.issuerRef,
      ...(duration === undefined ? {} : { duration }),
      ...(isCA === undefined ? {} : { isCA }),
      ...(usages === undefined ? {} : { usages }),
    },
  };
}

/** What the store fills in. */
export const unstored = { uid: '', resourceVersion: '', creationTimestamp: '' } as const;

function copiedAnnotations(annotations: Readonly<Record<string, string>>): Record<string, string> {
  const kept = Object.entries(annotations).filter(([key]) => !notCopied.some((prefix) => key.startsWith(prefix)));
  return Object.fromEntries(kept);
}
