/** Annotation and label keys of cert-manager's API that the kinds, the decisions and the loops read or write. */
export const certManagerKeys = {
  certificateName: 'cert-manager.io/certificate-name',
  certificateRevision: 'cert-manager.io/certificate-revision',
  privateKeySecretName: 'cert-manager.io/private-key-secret-name',
  issuerName: 'cert-manager.io/issuer-name',
  issuerKind: 'cert-manager.io/issuer-kind',
  issuerGroup: 'cert-manager.io/issuer-group',
  temporaryCertificate: 'cert-manager.io/issue-temporary-certificate',
  allowDirectInjection: 'cert-manager.io/allow-direct-injection',
  nextPrivateKeyLabel: 'cert-manager.io/next-private-key',
  managedLabel: 'controller.cert-manager.io/fao',
} as const;

/** Where `kubectl apply` keeps what was applied last. */
export const lastAppliedAnnotation = 'kubectl.kubernetes.io/last-applied-configuration';
