import type {
  API,
  Certificate,
  EndpointCertificate,
  Gateway,
  GatewayNode,
  Keystore,
  TLSClientProfile,
  TLSServerProfile,
  TrustBundle,
  Truststore,
  Workload,
} from '#model/resources';

/** The objects among which users are looked for. A list left out counts as empty: nothing of that kind is found. */
export interface UsageSnapshot {
  /** Only those that a store refers to matter, and the one that is asked about. */
  readonly certificates?: readonly Certificate[];
  readonly keystores?: readonly Keystore[];
  readonly truststores?: readonly Truststore[];
  readonly clientProfiles?: readonly TLSClientProfile[];
  readonly serverProfiles?: readonly TLSServerProfile[];
  readonly endpointCertificates?: readonly EndpointCertificate[];
  readonly apis?: readonly API[];
  readonly gateways?: readonly Gateway[];
  readonly gatewayNodes?: readonly GatewayNode[];
  readonly trustBundles?: readonly TrustBundle[];
  readonly workloads?: readonly Workload[];
}
