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
  const own = 'cert-manager.io/v1';
  return {
    certificate: find(own, 'Certificate'),
    request: find(own, 'CertificateRequest'),
    issuer: find(own, 'Issuer'),
    clusterIssuer: find(own, 'ClusterIssuer'),
    secret: find('v1', 'Secret'),
    configMap: find('v1', 'ConfigMap'),
    namespace: find('v1', 'Namespace'),
    event: find('v1', 'Event'),
  };
}
