import type { GatewayNode } from '#model/resources';
import type { WatchedCertificate } from './watched-certificate.ts';

/**
 * What a gateway node has seen at the backends that it calls: their own certificates. Their source is the Gateway, since
 * every node of it sees the same.
 */
export function seenAtBackends({ metadata, spec, status }: GatewayNode): WatchedCertificate[] {
  const { namespace = '', name } = metadata;
  return (status?.endpoints ?? []).flatMap(({ endpoint, presented, apis }) => {
    if (presented === undefined || Number.isNaN(Date.parse(presented.notAfter))) return [];
    const { subject, issuer, fingerprint, notBefore, notAfter } = presented;
    const source = { kind: 'Gateway', namespace, name: spec.gatewayRef.name, path: `backend ${endpoint}` };
    return [
      {
        subject,
        issuer,
        fingerprint,
        source,
        ...(notBefore === undefined ? {} : { notBefore }),
        notAfter,
        isCA: false,
        managed: false,
        endpoint,
        usedBy: apis.map((api) => `API ${api}`),
        nodes: [name],
      },
    ];
  });
}
