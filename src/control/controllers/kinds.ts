import assert from 'node:assert/strict';
import type { KubeObject } from '#model/objects';
import type { Kind, KindRegistry } from '#model/resources';
import type { LoopKinds } from './context.ts';

/** The kinds that the loops know by name. The installation must have them all. */
export function loopKinds(registry: KindRegistry): LoopKinds {
  const find = <T extends KubeObject>(apiVersion: string, name: string): Kind<T> => {
    const kind = registry.byKind(apiVersion, name);
    assert(kind, `${apiVersion} ${name} is not in the registry`);
    return kind as unknown as Kind<T>;
  };
  const certManager = 'cert-manager.io/v1';
  const chancery = 'chancery.dev/v1';
  return {
    certificate: find(certManager, 'Certificate'),
    request: find(certManager, 'CertificateRequest'),
    issuer: find(certManager, 'Issuer'),
    clusterIssuer: find(certManager, 'ClusterIssuer'),
    secret: find('v1', 'Secret'),
    configMap: find('v1', 'ConfigMap'),
    namespace: find('v1', 'Namespace'),
    event: find('v1', 'Event'),
    keystore: find(chancery, 'Keystore'),
    truststore: find(chancery, 'Truststore'),
    clientProfile: find(chancery, 'TLSClientProfile'),
    serverProfile: find(chancery, 'TLSServerProfile'),
    api: find(chancery, 'API'),
    endpointCertificate: find(chancery, 'EndpointCertificate'),
    gateway: find(chancery, 'Gateway'),
    gatewayNode: find(chancery, 'GatewayNode'),
    trustBundle: find(chancery, 'TrustBundle'),
    workload: find(chancery, 'Workload'),
    workloadInstance: find(chancery, 'WorkloadInstance'),
    rotation: find(chancery, 'Rotation'),
  };
}
