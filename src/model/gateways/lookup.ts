import type { API, EndpointCertificate, TLSClientProfile } from '#model/resources';
import type { Lookup } from '#model/stores';

/** A Lookup that also finds what has no name to be asked by. */
export interface GatewayLookup extends Lookup {
  /** Every EndpointCertificate for that port of that host, or for every port of it, in any namespace. */
  endpointCertificates(host: string, port: number): readonly EndpointCertificate[];
  /** Every TLSClientProfile for that port of that host, for every port of it, or for all endpoints, in any namespace. */
  clientProfiles(host: string, port: number): readonly TLSClientProfile[];
  /** Every API with that base path, spelled as `routeBasePath` spells it, in any namespace. */
  apisAt(basePath: string): readonly API[];
}
