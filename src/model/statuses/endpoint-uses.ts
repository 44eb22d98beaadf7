import type { API, Endpoint, EndpointCertificate, Gateway } from '#model/resources';
import { readBackend } from '#model/resources';
import { countsFor, servesAPI } from '#model/gateways';

/** The APIs, of those with a backend at its endpoint, whose trust the certificate adds to. */
export function usersAmong(certificate: EndpointCertificate, apis: readonly API[]): API[] {
  return apis.filter((api) => countsFor(certificate, api));
}

/** Whether nodes of the gateway call the endpoint for one of the APIs. */
export function callsEndpoint(gateway: Gateway, apis: readonly API[], endpoint: Endpoint): boolean {
  const wanted = gateway.spec.endpoints ?? 'production';
  return apis.some((api) => {
    const url = api.spec.endpoints[wanted]?.url;
    return url !== undefined && isAt(url, endpoint) && servesAPI(gateway, api);
  });
}

function isAt(url: string, { host, port }: Endpoint): boolean {
  const backend = readBackend(url);
  if ('problem' in backend) return false;
  return backend.secure && backend.host === host && (port === undefined || backend.port === port);
}
