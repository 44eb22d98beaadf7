import { apiKind } from './api.ts';
import { certificateKind } from './certificate.ts';
import { certificateRequestKind } from './certificate-request.ts';
import { clusterIssuerKind } from './cluster-issuer.ts';
import { configMapKind } from './config-map.ts';
import { endpointCertificateKind } from './endpoint-certificate.ts';
import { eventKind } from './event.ts';
import { gatewayKind } from './gateway.ts';
import { gatewayNodeKind } from './gateway-node.ts';
import { issuerKind } from './issuer.ts';
import { keystoreKind } from './keystore.ts';
import type { Kind } from './kind.ts';
import { namespaceKind } from './namespace.ts';
import { rotationKind } from './rotation.ts';
import { secretKind } from './secret.ts';
import { tlsClientProfileKind } from './tls-client-profile.ts';
import { tlsServerProfileKind } from './tls-server-profile.ts';
import { trustBundleKind } from './trust-bundle.ts';
import { truststoreKind } from './truststore.ts';
import { workloadInstanceKind } from './workload-instance.ts';
import { workloadKind } from './workload.ts';

/** Every kind of this version. */
export const builtinKinds: readonly Kind[] = [
  namespaceKind,
  secretKind,
  configMapKind,
  eventKind,
  issuerKind,
  clusterIssuerKind,
  certificateKind,
  certificateRequestKind,
  tlsClientProfileKind,
  tlsServerProfileKind,
  keystoreKind,
  truststoreKind,
  apiKind,
  endpointCertificateKind,
  gatewayKind,
  gatewayNodeKind,
  trustBundleKind,
  workloadKind,
  workloadInstanceKind,
  rotationKind,
];
