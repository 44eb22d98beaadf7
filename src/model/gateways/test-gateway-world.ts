import type { API, EndpointCertificate, Gateway, TLSClientProfile } from '#model/resources';
import { endpointTerm, readEndpoint, serverTerms } from '#model/resources';
import { at, World } from '../stores/test-world.ts';
import type { GatewayLookup } from './lookup.ts';
import { routeBasePath } from './serving.ts';

/** A World with what only gateways look for. */
export class GatewayWorld extends World implements GatewayLookup {
  endpointCertificates: GatewayLookup['endpointCertificates'] = (host, port) => {
    const terms = [endpointTerm(host, port), endpointTerm(host)];
    return this.#all<EndpointCertificate>('EndpointCertificate').filter(({ spec }) => {
      const endpoint = readEndpoint(spec.endpoint);
      return !('problem' in endpoint) && terms.includes(endpointTerm(endpoint.host, endpoint.port));
    });
  };

  clientProfiles: GatewayLookup['clientProfiles'] = (host, port) => {
    const terms = [endpointTerm(host, port), endpointTerm(host), '*'];
    return this.#all<TLSClientProfile>('TLSClientProfile').filter((profile) =>
      serverTerms(profile).some((term) => terms.includes(term)),
    );
  };

  apisAt: GatewayLookup['apisAt'] = (basePath) =>
    this.apis().filter(({ spec }) => routeBasePath(spec.basePath) === basePath);

  apis(): API[] {
    return this.#all<API>('API');
  }

  api(place: string, spec: Partial<API['spec']> = {}, creationTimestamp?: string): API {
    const endpoints = { production: { url: 'https://pets.example.com' } };
    const whole = { version: '1.0.0', basePath: `/${at(place).name}`, endpoints, ...spec };
    return this.put('API', place, { spec: whole, creationTimestamp }) as API;
  }

  gateway(place: string, spec: Partial<Gateway['spec']> = {}): Gateway {
    const sni = [{ host: '*', tlsServerProfileRef: { name: 'in' } }];
    return this.put('Gateway', place, { spec: { sni, ...spec } }) as Gateway;
  }

  endpointCertificate(place: string, endpoint: string, certificate: string): EndpointCertificate {
    const spec = { alias: at(place).name, endpoint, certificate };
    return this.put('EndpointCertificate', place, { spec }) as EndpointCertificate;
  }

  #all<T>(kind: string): T[] {
    return [...this.objects.values()].filter((object) => object.kind === kind) as T[];
  }
}
