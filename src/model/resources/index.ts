/**
 * The kinds: one file each, from which type, schema, validation, printer columns, CRD manifest and reference page come.
 * Knows no store and no transport; what a certificate needs next is decided in `#model/certificates`.
 *
 * Invariants: nothing about a kind is written down anywhere else. Schemas are structural, and compiled once. No default
 * is written into a spec, so that an object reads as its user wrote it and a second apply changes nothing. No rule's
 * answer holds a value of a Secret or a password.
 */
export type { AdmissionContext, IndexTerms, Kind, KindRegistry, PrinterColumn, UserInfo } from './kind.ts';
export { apiVersionOf, createRegistry } from './registry.ts';
export { builtinKinds } from './builtin-kinds.ts';

export { certificateKind } from './certificate.ts';
export type { Certificate } from './certificate.ts';
export type { CertificateSpec } from './certificate-spec.ts';
export type { CertificateStatus } from './certificate-status.ts';
export { certificateRequestKind } from './certificate-request.ts';
export type { CertificateRequest } from './certificate-request.ts';
export { clusterIssuerKind } from './cluster-issuer.ts';
export type { ClusterIssuer } from './cluster-issuer.ts';
export { issuerKind } from './issuer.ts';
export type { Issuer } from './issuer.ts';
export { issuerTypes } from './issuer-spec.ts';
export type { IssuerSpec, IssuerStatus } from './issuer-spec.ts';
export { configMapKind } from './config-map.ts';
export type { ConfigMap } from './config-map.ts';
export { eventKind } from './event.ts';
export type { Event } from './event.ts';
export { namespaceKind } from './namespace.ts';
export type { Namespace } from './namespace.ts';
export { secretKind } from './secret.ts';
export type { Secret } from './secret.ts';

export { serverTerms, tlsClientProfileKind } from './tls-client-profile.ts';
export type { TLSClientProfile } from './tls-client-profile.ts';
export { tlsServerProfileKind } from './tls-server-profile.ts';
export type { TLSServerProfile } from './tls-server-profile.ts';
export { keystoreKind } from './keystore.ts';
export type { Keystore } from './keystore.ts';
export { truststoreKind } from './truststore.ts';
export type { Truststore, TruststoreSource } from './truststore.ts';
export type { KeystoreEntry, KeystoreStatus, TruststoreEntry, TruststoreStatus } from './fields/store-status.ts';
export type { CertificateFacts } from './fields/certificate-facts.ts';
export type { ProfileStatus } from './fields/profile-settings.ts';
export { apiKind } from './api.ts';
export type { API } from './api.ts';
export { endpointCertificateKind } from './endpoint-certificate.ts';
export type { EndpointCertificate } from './endpoint-certificate.ts';
export { gatewayKind } from './gateway.ts';
export type { Gateway } from './gateway.ts';
export { gatewayNodeKind } from './gateway-node.ts';
export type { GatewayNode } from './gateway-node.ts';
export { trustBundleKind } from './trust-bundle.ts';
export type { TrustBundle, TrustBundleFormat, TrustBundleSource, TrustBundleStatus } from './trust-bundle.ts';
export type { Anchor } from './fields/anchor.ts';
export { workloadKind } from './workload.ts';
export type { Workload, WorkloadSpec, WorkloadStatus } from './workload.ts';
export { workloadTerm } from './workload-term.ts';
export type {
  WorkloadConnection,
  WorkloadFile,
  WorkloadIdentity,
  WorkloadListener,
  WorkloadTrust,
} from './fields/workload-parts.ts';
export { reportIn, reportsIn, workloadInstanceKind } from './workload-instance.ts';
export type { InstanceReport, InstanceStatus, WorkloadInstance } from './workload-instance.ts';
export { workloadInName, workloadInstanceName } from './workload-instance-name.ts';
export type {
  InstanceOrders,
  MaterialMark,
  MaterialReport,
  QuarantinedInstance,
  WantedMaterial,
} from './fields/material-report.ts';
export { rotationKind } from './rotation.ts';
export type { Rotation, RotationAttestation, RotationSpec } from './rotation.ts';
export type {
  RotationAuthority,
  RotationGate,
  RotationObstacle,
  RotationStage,
  RotationStatus,
} from './fields/rotation-status.ts';
export type { EndpointReport, ListenerReport } from './fields/node-report.ts';
export type { NodeProgress } from './fields/node-counts.ts';
export type { ObjectRef, SecretFileRef } from './fields/tls-references.ts';

export { certManagerKeys, chanceryKeys, materialSecretTypes } from './annotations.ts';
export { controllersUsername, systemNamespace } from './system.ts';
export { endpointTerm, readBackend, readEndpoint } from './endpoint.ts';
export type { Backend, Endpoint, Unreadable } from './endpoint.ts';
export { readExpiryTerm } from './expiry-terms.ts';
export type { ExpiryTerm } from './expiry-terms.ts';
export { uploadedCertificates } from './uploaded-certificates.ts';
export type { UploadedCertificate } from './uploaded-certificates.ts';
export { issuerTerm, namespacedTerm, refTerm } from './index-terms.ts';
export { BoundedMemo } from './bounded-memo.ts';
export { parseGoDuration, sameGoDuration } from './go-duration.ts';
export { readSigningRequest } from './signing-request.ts';

export { compileKind } from './compile/compile-kind.ts';
export type { CompiledKind } from './compile/compiled-kind.ts';

export { aggregatedDiscovery } from './generate/aggregated-discovery.ts';
export { customResourceDefinition } from './generate/custom-resource-definition.ts';
export { coreVersions, groupDocument, groupList, resourceList, servedResources } from './generate/discovery.ts';
export type { ServedResource } from './generate/discovery.ts';
export { groupVersionsOf, openAPIDocument } from './generate/openapi.ts';
export { referencePage } from './generate/reference-page.ts';
