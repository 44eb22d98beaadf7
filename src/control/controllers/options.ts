import type { Registry } from 'prom-client';
import type { ExpiryList, ExpiryMessage } from '#model/expiry';
import type { KindRegistry } from '#model/resources';
import type { ResourceStore } from '#control/store';
import type { Clock, CryptoPool } from '#control/runtime';
import type { GuardDeletion } from './deletion/deletion-guard.ts';
import type { ExpiryQuery } from './expiry/inventory.ts';

/** Where loops report; a pino logger fits. */
export interface Log {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

export interface ControllersOptions {
  readonly store: ResourceStore;
  readonly registry: KindRegistry;
  readonly crypto: CryptoPool;
  readonly metrics: Registry;
  readonly logger: Log;
  readonly clock?: Clock;
  /** Approves certificate requests for cert-manager.io issuers. Default true; otherwise somebody else must. */
  readonly autoApprove?: boolean;
  /** Where Secrets of ClusterIssuers live. Default `cert-manager`. */
  readonly clusterResourceNamespace?: string;
  /** Own Secrets by their Certificate, so that they go when it goes. Default false, as in cert-manager. */
  readonly ownSecrets?: boolean;
  /** Make the profiles, stores and the gateway that an installation starts with. Default false. */
  readonly installDefaults?: boolean;
  /** Called with each change of state of a certificate that is told. Must not throw. */
  readonly onExpiry?: (message: ExpiryMessage) => void;
}

export interface Controllers {
  /** The certificates of all places that end before an instant, the most urgent first. */
  expiring(query: ExpiryQuery): Promise<ExpiryList>;
  /** Lets running work finish, saves the position, and takes no new work. */
  stop(): Promise<void>;
  /** Resolves when everything that was written until now has been dealt with. */
  idle(): Promise<void>;
  /** Whether an object may be deleted: not while others use it. */
  readonly guardDeletion: GuardDeletion;
}
