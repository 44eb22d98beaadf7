/** Bounds on what one caller, or one backend, may make the gateway hold or wait for. */
export interface GatewayLimits {
  /** Open connections of callers; more are closed as they arrive. */
  readonly connections: number;
  /** For a caller's first message, and once more for the rest of the handshake. */
  readonly handshakeMilliseconds: number;
  /** All of a request's header fields and its target together. */
  readonly headerBytes: number;
  readonly headerFields: number;
  /** From the first byte of a request to the end of its header. */
  readonly headersMilliseconds: number;
  /** Between two requests of a caller on one connection. */
  readonly keepAliveMilliseconds: number;
  /** A connection of a caller on which nothing moves for so long is closed; longer than a backend may take. */
  readonly idleMilliseconds: number;
  /** Requests under way at the same time, over all callers; more are refused with 503. */
  readonly requestsInFlight: number;
  readonly streamsPerConnection: number;
  /** Hosts whose TLS context is kept ready; the others are made again at their next handshake. */
  readonly readyHosts: number;
  readonly connectMilliseconds: number;
  /** From the end of a request to the end of the backend's response header. */
  readonly responseMilliseconds: number;
  /** Between two pieces of a backend's response. */
  readonly responseIdleMilliseconds: number;
  /** An unused connection to a backend is closed after so long, or when the backend says so if that is sooner. */
  readonly backendIdleMilliseconds: number;
  readonly connectionsPerBackend: number;
  /** Requests that run on a replaced connection may go on for so long. */
  readonly replacedMilliseconds: number;
}

export const defaultGatewayLimits: GatewayLimits = {
  connections: 20_000,
  handshakeMilliseconds: 10_000,
  headerBytes: 32 * 1024,
  headerFields: 200,
  headersMilliseconds: 15_000,
  keepAliveMilliseconds: 65_000,
  idleMilliseconds: 300_000,
  requestsInFlight: 10_000,
  streamsPerConnection: 128,
  readyHosts: 10_000,
  connectMilliseconds: 5_000,
  responseMilliseconds: 60_000,
  responseIdleMilliseconds: 60_000,
  backendIdleMilliseconds: 4_000,
  connectionsPerBackend: 512,
  replacedMilliseconds: 60_000,
};
