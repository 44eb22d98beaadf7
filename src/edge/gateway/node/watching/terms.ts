/** Notes what a compilation looked at, and whether something of it is still on its way from the API. */
export interface Reading {
  readonly terms: Set<string>;
  isWaiting: boolean;
}

/**
 * Terms name what can be looked at: objects by `Kind ns/name` (`objectTerm`), the gateway of the node, and what is found
 * without a name.
 */
export const gatewayTerm = 'the gateway';
export const basePathTerm = (basePath: string): string => `base path ${basePath}`;
export const clientProfilesTerm = (endpoint: string): string => `profiles of ${endpoint}`;
export const endpointCertificatesTerm = (endpoint: string): string => `certificates of ${endpoint}`;
