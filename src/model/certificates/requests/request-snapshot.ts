import type { CertificateRequest, ClusterIssuer, Issuer, Secret } from '#model/resources';

/** Everything that decides about one CertificateRequest, read at one moment. */
export interface RequestSnapshot {
  readonly now: Date;
  readonly request: CertificateRequest;
  /** Whether this installation approves requests for its own issuers. */
  readonly autoApprove: boolean;
  readonly issuer?: Issuer | ClusterIssuer | undefined;
  /** Where the issuer's Secret is: the request's namespace, or that of the cluster's issuers. */
  readonly issuerNamespace: string;
  /** The Secret of a CA issuer. */
  readonly issuerSecret?: Secret | undefined;
  /** The Secret that the request names as the place of its private key; what a SelfSigned issuer signs with. */
  readonly keySecret?: Secret | undefined;
}

export interface RequestChange {
  readonly request: CertificateRequest;
}
