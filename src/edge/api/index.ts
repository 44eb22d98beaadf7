/**
 * The wire of the API: Status objects, media types, paths, query parameters, kubeconfig files and a typed client. All
 * that the CLI, the console and the agents may know of the server. Holds nothing of the server itself, no store and no
 * kind. Invariants: every failure of the client is a CodedError; a failure that the server sent keeps its Status.
 */
export { StatusError, statusFromError } from './failures.ts';
export type { StatusSubject } from './failures.ts';
export { makeStatus } from './status.ts';
export type { Status, StatusCause, StatusDetails, StatusReason } from './status.ts';
export { mediaTypes, parseAccept, parseMediaType } from './media-types.ts';
export type { MediaType } from './media-types.ts';
export { collectionPath, objectPath, parsePath, qualifiedPlural } from './paths.ts';
export type { ApiPath, ResourceAddress, ResourcePath } from './paths.ts';
export { agentsPath, ownPaths } from './own-paths.ts';
export { agentTokenSecret } from './agent-token.ts';
export { parameters } from './parameters.ts';
export { formatKubeconfig, parseKubeconfig } from './kubeconfig.ts';
export type { KubeconfigAccess } from './kubeconfig.ts';
export { openClient } from './client.ts';
export { ConnectionBroken } from './transport.ts';
export type {
  ApiClient,
  ApplyRequest,
  DeleteRequest,
  ListPage,
  ListRequest,
  WatchRequest,
  WriteRequest,
} from './client-contract.ts';
export type { ClientAccess, TransportAnswer, TransportRequest } from './transport.ts';
export type { WatchEvent } from './watch-stream.ts';
