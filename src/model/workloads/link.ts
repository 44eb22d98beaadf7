/** One side of a link, and what it uses there. */
export interface LinkEnd {
  /** `ns/name` of the Workload. */
  readonly workload: string;
  readonly site: string | undefined;
  /** Nothing of this installation runs there. */
  readonly external: boolean;
  /** Entry of its `spec.presents`; undefined for a client that shows no certificate. */
  readonly presents: string | undefined;
  /** Entry of its `spec.trusts`; undefined for a server that asks for no certificate. */
  readonly trusts: string | undefined;
}

/**
 * Every instance of `client` connects to every instance of `server` at `listen`: what the server presents must be trusted
 * by the client, and, where `isMutual`, what the client presents by the server.
 */
export interface Link {
  readonly client: LinkEnd;
  readonly server: LinkEnd;
  readonly listen: string;
  readonly port: number | undefined;
  readonly serverName: string | undefined;
  /** A certificate of the client is asked for, and shown. */
  readonly isMutual: boolean;
}

export type LinkProblemReason =
  'WorkloadNotFound' | 'ListenerNotFound' | 'NoListener' | 'EntryNotFound' | 'ClientCertificateMissing';

/** Why a declared connection is no link. */
export interface LinkProblem {
  /** `ns/name` of the Workload that declares it. */
  readonly workload: string;
  /** `spec.connectsTo[0].listen` */
  readonly field: string;
  readonly reason: LinkProblemReason;
  readonly message: string;
  readonly hint: string;
}

export interface Links {
  /** By client, then in the order of its declarations. */
  readonly links: readonly Link[];
  readonly problems: readonly LinkProblem[];
  /** `ns/name` of Workloads that nobody calls and that call nobody: no rotation looks after their connections. */
  readonly unlinked: readonly string[];
}
