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

/** Labels and annotations of the kinds of this program's own group. */
export const chanceryKeys = {
  /** Label `true`: made at installation; its spec is nobody's to change, and it cannot be deleted. */
  isDefault: 'chancery.dev/default',
  /** Annotation with a reason: allows deleting what others use. */
  forceDelete: 'chancery.dev/force-delete',
  /** Annotation `ns/name` on the Secrets and Certificates that a Rotation keeps while it runs. */
  rotation: 'chancery.dev/rotation',
} as const;

/** Types of Secrets that hold uploaded files, whose contents are verified when they are written. */
export const materialSecretTypes = {
  keystore: 'chancery.dev/keystore',
  truststore: 'chancery.dev/truststore',
} as const;
