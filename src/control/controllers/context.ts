import type { KubeObject } from '#model/objects';
import { controllersUsername } from '#model/resources';
import type {
  API,
  Certificate,
  CertificateRequest,
  ClusterIssuer,
  ConfigMap,
  EndpointCertificate,
  Event,
  Gateway,
  GatewayNode,
  Issuer,
  Keystore,
  Kind,
  KindRegistry,
  Namespace,
  Rotation,
  Secret,
  TLSClientProfile,
  TLSServerProfile,
  TrustBundle,
  Truststore,
  UserInfo,
  Workload,
  WorkloadInstance,
} from '#model/resources';
import type { CertificateSettings } from '#model/certificates';
import type { ResourceStore, WriteOptions } from '#control/store';
import type { Change, Clock, CryptoPool, Echoes, EventRecorder } from '#control/runtime';
import type { Log } from './options.ts';

/** The kinds that loops know by name, as the registry has them. */
export interface LoopKinds {
  readonly certificate: Kind<Certificate>;
  readonly request: Kind<CertificateRequest>;
  readonly issuer: Kind<Issuer>;
  readonly clusterIssuer: Kind<ClusterIssuer>;
  readonly secret: Kind<Secret>;
  readonly configMap: Kind<ConfigMap>;
  readonly namespace: Kind<Namespace>;
  readonly event: Kind<Event>;
  readonly keystore: Kind<Keystore>;
  readonly truststore: Kind<Truststore>;
  readonly clientProfile: Kind<TLSClientProfile>;
  readonly serverProfile: Kind<TLSServerProfile>;
  readonly api: Kind<API>;
  readonly endpointCertificate: Kind<EndpointCertificate>;
  readonly gateway: Kind<Gateway>;
  readonly gatewayNode: Kind<GatewayNode>;
  readonly trustBundle: Kind<TrustBundle>;
  readonly workload: Kind<Workload>;
  readonly workloadInstance: Kind<WorkloadInstance>;
  readonly rotation: Kind<Rotation>;
}

/** What every loop works with. */
export interface LoopContext {
  readonly store: ResourceStore;
  readonly registry: KindRegistry;
  readonly kinds: LoopKinds;
  readonly clock: Clock;
  readonly crypto: CryptoPool;
  readonly events: EventRecorder;
  readonly echoes: Echoes;
  readonly log: Log;
  readonly settings: CertificateSettings;
  readonly autoApprove: boolean;
  readonly clusterResourceNamespace: string;
  /** Counts the runs and failures of a loop, and how long runs take. */
  readonly measure: LoopMeasure;
}

export interface LoopMeasure {
  run(loop: string): void;
  failure(loop: string): void;
}

/** A change with whether this process made it. */
export type LoopChange<T extends KubeObject = KubeObject> = Change<T> & { readonly own: boolean };

/** One concern that reacts to changes. */
export interface Loop {
  readonly name: string;
  onChange(change: LoopChange): void;
  /** Looks at what may have been left undone when the program last ended. */
  start(): Promise<void>;
  room(): Promise<void>;
  idle(): Promise<void>;
  /** Keys that wait or run now; 0 = nothing to do. */
  busy(): number;
  /** The oldest change that is not dealt with yet. */
  oldestOpenRevision(): number | undefined;
  stop(): Promise<void>;
}

/** Where the loops keep what they must remember. */
export { systemNamespace } from '#model/resources';

export const controllerUser: UserInfo = {
  username: controllersUsername,
  groups: ['system:serviceaccounts', 'system:serviceaccounts:chancery-system', 'system:authenticated'],
};

/** Field manager of everything but the Secrets of certificates. */
export const controllerManager = 'chancery-controllers';

export const writeOptions: WriteOptions = { manager: controllerManager, user: controllerUser };
export const statusOptions: WriteOptions = { ...writeOptions, subresource: 'status' };
