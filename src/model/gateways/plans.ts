import type { ClientSettings, ServerSettings } from '#tls/profiles';
import type { Problem } from '#model/stores';

/** A certificate with its key, to be presented. */
export interface IdentityPlan {
  /** End-entity first, PEM, without the root. */
  readonly certificatePEM: string;
  /** PKCS#8, PEM. */
  readonly privateKeyPEM: string;
  /** SHA-256 of the end-entity certificate, lower-case hexadecimal. */
  readonly fingerprint: string;
  /** RFC 3339; the earliest end of validity in the chain. */
  readonly notAfter: string;
}

/** A certificate that is trusted exactly as such, CA or not. */
export interface AnchorPlan {
  readonly pem: string;
  readonly fingerprint: string;
  /** `Truststore ns/name` or `EndpointCertificate ns/name`. */
  readonly from: string;
}

/** What one host pattern of a gateway presents, offers and demands. */
export interface ListenerPlan {
  /** `*`, `*.x` or `a.x`, lower case, as A-label. */
  readonly host: string;
  /** `ns/name` of the TLSServerProfile. */
  readonly profile: string;
  readonly settings: ServerSettings;
  readonly identity: IdentityPlan;
  /** `ns/name` of the Keystore that the profile names. */
  readonly keystore?: string | undefined;
  /** `ns/name` of the Truststore that `clientAnchors` are from. */
  readonly truststore?: string | undefined;
  /** Whom client certificates must come from; empty unless the profile asks for client certificates. */
  readonly clientAnchors: readonly AnchorPlan[];
  /**
   * Changes exactly when what peers can see of the listener changes: settings, presented chain, client trust. Names of
   * profiles and stores are not in it, nor can a key be found from it.
   */
  readonly digest: string;
}

/** An EndpointCertificate that counts for an endpoint. */
export interface AppliedEndpointCertificate {
  readonly namespace: string;
  readonly name: string;
  /** Of the first certificate in it. */
  readonly fingerprint: string;
  readonly generation: number;
}

/** How one endpoint is dialled on behalf of one API. */
export interface UpstreamPlan {
  /** `host:port`, the host as A-label or address, an IPv6 address in brackets. */
  readonly endpoint: string;
  /** To be dialled and verified: A-label or address, without brackets. */
  readonly host: string;
  readonly port: number;
  /** TLS; every field below says nothing when it is false. */
  readonly secure: boolean;
  /** Sent as SNI; undefined for addresses, and where the profile switches SNI off. */
  readonly serverName: string | undefined;
  readonly settings: ClientSettings;
  readonly identity: IdentityPlan | undefined;
  /** Whether the public CAs are trusted too. */
  readonly publicAuthorities: boolean;
  /** Sorted by fingerprint, without duplicates; empty when nothing is verified. */
  readonly anchors: readonly AnchorPlan[];
  readonly endpointCertificates: readonly AppliedEndpointCertificate[];
  /** `ns/name` of the Keystore that `identity` is from. */
  readonly keystore?: string | undefined;
  /** `ns/name` of the Truststore that is in force; undefined where nothing is verified, too. */
  readonly truststore?: string | undefined;
  /** SHA-256 of the certificates that the endpoint may show although they have expired; `allowExpired`. Sorted. */
  readonly expiredAllowed: readonly string[];
  /** `ns/name` of the TLSClientProfile. */
  readonly profile: string | undefined;
  /**
   * Changes exactly when connections made under it could differ: place, settings, identity, trust. Two APIs with the same
   * digest may share connections.
   */
  readonly digest: string;
}

/** Where requests under one base path go. */
export interface RoutePlan {
  /** `ns/name`. */
  readonly api: string;
  /** Begins with `/`, does not end with one; `` for the root. */
  readonly basePath: string;
  readonly type: 'REST' | 'SOAP';
  /** The endpoint's URL, host as A-label. */
  readonly target: string;
  /** Path of the target, put before what follows the base path of a request; does not end with `/`. */
  readonly targetPath: string;
  readonly upstream: UpstreamPlan;
}

/** Worth a person's look; nothing is held up by it. */
export interface PlanWarning {
  readonly reason: 'DefaultProfileInProduction' | 'InsecureInProduction' | 'EndpointCertificateUnreadable';
  readonly message: string;
}

/**
 * One plan, or why there is none. `fallback` is what could still be loaded where nothing better was ever loaded: it is
 * whole, but its certificate is out of date, or its chain breaks a rule.
 */
export type Compiled<T> =
  | { readonly ok: true; readonly plan: T; readonly warnings: readonly PlanWarning[] }
  | { readonly ok: false; readonly problem: Problem; readonly fallback?: T };

/** Everything that a node of one gateway must load. */
export interface GatewayPlan {
  readonly listeners: readonly ListenerPlan[];
  readonly routes: readonly RoutePlan[];
  readonly problems: readonly GatewayProblem[];
  readonly warnings: readonly PlanWarning[];
}

/** A problem of one listener or one API. */
export interface GatewayProblem {
  readonly subject: { readonly host: string } | { readonly api: string };
  readonly problem: Problem;
}
