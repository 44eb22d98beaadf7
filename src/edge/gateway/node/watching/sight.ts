import type { Clock } from '#control/runtime';
import { routeBasePath, type GatewayLookup } from '#model/gateways';
import type { KubeObject } from '#model/objects';
import {
  apiKind,
  certificateKind,
  endpointCertificateKind,
  endpointTerm,
  gatewayKind,
  keystoreKind,
  secretKind,
  serverTerms,
  tlsClientProfileKind,
  tlsServerProfileKind,
  trustBundleKind,
  truststoreKind,
  type API,
  type Certificate,
  type EndpointCertificate,
  type Gateway,
  type Kind,
  type Secret,
  type TLSClientProfile,
  type TrustBundle,
} from '#model/resources';
import { objectTerm, type ReferredKinds } from '#model/stores';
import type { Place } from '../node-options.ts';
import { follow, type Collection, type Connection, type Follower } from '#edge/following';
import { IndexedMirror } from './indexed-mirror.ts';
import { ObjectMirror } from './object-mirror.ts';
import { basePathTerm, clientProfilesTerm, endpointCertificatesTerm, gatewayTerm, type Reading } from './terms.ts';
import { WantedMirror } from './wanted-mirror.ts';

export interface SightOptions {
  readonly connection: Connection;
  readonly clock: Clock;
  readonly random: () => number;
  readonly gateway: Place;
  /** Terms of what has changed: see terms.ts. */
  readonly onChange: (terms: readonly string[]) => void;
  /** Whether the API is being followed, all of it. */
  readonly onConnected: (isConnected: boolean, failure: unknown) => void;
}

type WantedKind = 'Secret' | 'Certificate' | 'TrustBundle';
type MirroredKinds = Omit<ReferredKinds, WantedKind>;
type AnyFollower = Follower<never> & { readonly isListed: boolean };

/** What one node sees of the API: everything that is small, and of Secrets, Certificates and bundles what it has looked for. */
export class Sight {
  readonly #options: SightOptions;
  readonly #stop = new AbortController();
  readonly #lost = new Map<string, unknown>();
  readonly #followed: { readonly collection: Collection; readonly follower: AnyFollower }[] = [];
  readonly #gateways: ObjectMirror<Gateway>;
  readonly #apis: IndexedMirror<API>;
  readonly #clientProfiles: IndexedMirror<TLSClientProfile>;
  readonly #endpointCertificates: IndexedMirror<EndpointCertificate>;
  readonly #mirrors: { readonly [K in keyof MirroredKinds]: ObjectMirror<MirroredKinds[K]> };
  readonly #wanted: {
    readonly Secret: WantedMirror<Secret>;
    readonly Certificate: WantedMirror<Certificate>;
    readonly TrustBundle: WantedMirror<TrustBundle>;
  };
  #running: Promise<unknown> = Promise.resolve();
  #newestRevision = '0';

  constructor(options: SightOptions) {
    this.#options = options;
    this.#gateways = this.#ownGateway(options.gateway);
    this.#apis = this.#indexed(apiKind, (api) => [basePathTerm(routeBasePath(api.spec.basePath))]);
    this.#endpointCertificates = this.#indexed(endpointCertificateKind, endpointTermsOf);
    this.#clientProfiles = this.#indexed(tlsClientProfileKind, (profile) =>
      serverTerms(profile).map(clientProfilesTerm),
    );
    this.#mirrors = {
      TLSClientProfile: this.#clientProfiles,
      TLSServerProfile: this.#mirrored(tlsServerProfileKind),
      Keystore: this.#mirrored(keystoreKind),
      Truststore: this.#mirrored(truststoreKind),
    };
    this.#wanted = {
      Secret: this.#fetched(secretKind),
      Certificate: this.#fetched(certificateKind),
      TrustBundle: this.#fetched(trustBundleKind),
    };
  }

  /** Whether every kind has been seen whole once. */
  get isListed(): boolean {
    return this.#followed.every(({ follower }) => follower.isListed);
  }

  /** Resource version of the newest change that was seen. */
  get newestRevision(): string {
    return this.#newestRevision;
  }

  get gateway(): Gateway | undefined {
    return this.#gateways.get(this.#options.gateway.namespace, this.#options.gateway.name);
  }

  apis(): Iterable<API> {
    return this.#apis.values();
  }

  /** `key` is `ns/name`. */
  api(key: string): API | undefined {
    return this.#apis.byKey(key);
  }

  /** Objects as they are now; what is asked for is noted in `reading`. */
  lookup(reading: Reading): GatewayLookup {
    const note = <T>(term: string, answer: T): T => {
      reading.terms.add(term);
      return answer;
    };
    return {
      get: (kind, namespace, name) =>
        note(objectTerm(kind, namespace, name), this.#look(kind, namespace, name, reading)) as never,
      endpointCertificates: (host, port) =>
        [endpointTerm(host, port), endpointTerm(host)].flatMap((endpoint) => {
          const term = endpointCertificatesTerm(endpoint);
          return note(term, this.#endpointCertificates.find(term));
        }),
      clientProfiles: (host, port) => [
        ...new Set(
          [endpointTerm(host, port), endpointTerm(host), '*'].flatMap((endpoint) => {
            const term = clientProfilesTerm(endpoint);
            return note(term, this.#clientProfiles.find(term));
          }),
        ),
      ],
      apisAt: (basePath) => note(basePathTerm(basePath), this.#apis.find(basePathTerm(basePath))),
    };
  }

  /** Resource version of a store, a bundle, or what they are made from, as it is seen. */
  revisionOf(term: string): string | undefined {
    const [, kind = '', key = ''] = /^(\w+) (.+)$/.exec(term) ?? [];
    if (kind === 'Secret' || kind === 'Certificate' || kind === 'TrustBundle')
      return this.#wanted[kind].revisionOf(key);
    if (kind === 'Keystore' || kind === 'Truststore') return this.#mirrors[kind].byKey(key)?.metadata.resourceVersion;
    return undefined;
  }

  /** Nobody looks at the object of that term any more: its bytes need not be held. */
  forget(term: string): void {
    const match = /^(Secret|Certificate|TrustBundle) (.*)$/.exec(term);
    if (match !== null) this.#wanted[match[1] as WantedKind].drop(match[2]!);
  }

  start(): void {
    const { connection, clock, random } = this.#options;
    const options = { connection, clock, random, signal: this.#stop.signal };
    this.#running = Promise.all(
      this.#followed.map(({ collection, follower }) => follow(collection, this.#noting(follower), options)),
    );
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  #look(kind: keyof ReferredKinds, namespace: string, name: string, reading: Reading): KubeObject | undefined {
    if (!isWanted(kind)) return this.#mirrors[kind].get(namespace, name);
    const known = this.#wanted[kind].look(namespace, name);
    if (known === undefined) reading.isWaiting = true;
    return known?.object;
  }

  #ownGateway({ namespace, name }: Place): ObjectMirror<Gateway> {
    const mirror = new ObjectMirror<Gateway>(
      () => this.#options.onChange([gatewayTerm]),
      this.#connectionOf('Gateway'),
    );
    return this.#add({ resource: gatewayKind, namespace, fieldSelector: `metadata.name=${name}` }, mirror);
  }

  #mirrored<T extends KubeObject>(kind: Kind<T>): ObjectMirror<T> {
    const tell = (key: string): void => this.#options.onChange([`${kind.kind} ${key}`]);
    return this.#add({ resource: kind }, new ObjectMirror<T>(tell, this.#connectionOf(kind.kind)));
  }

  #indexed<T extends KubeObject>(kind: Kind<T>, terms: (object: T) => readonly string[]): IndexedMirror<T> {
    const tell = (key: string, changed: readonly string[]): void =>
      this.#options.onChange([`${kind.kind} ${key}`, ...changed]);
    return this.#add({ resource: kind }, new IndexedMirror<T>(terms, tell, this.#connectionOf(kind.kind)));
  }

  #fetched<T extends KubeObject>(kind: Kind<T>): WantedMirror<T> {
    const { connection, clock, random } = this.#options;
    const mirror = new WantedMirror<T>({
      connection,
      clock,
      random,
      resource: kind,
      signal: this.#stop.signal,
      onChange: (key) => this.#options.onChange([`${kind.kind} ${key}`]),
      onConnected: this.#connectionOf(kind.kind),
    });
    return this.#add({ resource: kind, metadataOnly: true }, mirror);
  }

  #add<T extends AnyFollower>(collection: Collection, follower: T): T {
    this.#followed.push({ collection, follower });
    return follower;
  }

  #connectionOf(kind: string): (isConnected: boolean, failure?: unknown) => void {
    return (isConnected, failure) => {
      if (isConnected) this.#lost.delete(kind);
      else this.#lost.set(kind, failure);
      this.#options.onConnected(this.#lost.size === 0, this.#lost.values().next().value);
    };
  }

  #noting<T extends KubeObject>(follower: Follower<T>): Follower<T> {
    return {
      listed: async (objects, revision) => {
        await follower.listed(objects, revision);
        this.#newestRevision = newer(this.#newestRevision, revision);
      },
      connected: (isConnected, failure) => follower.connected(isConnected, failure),
      changed: (event) => {
        this.#newestRevision = newer(this.#newestRevision, event.object.metadata.resourceVersion);
        follower.changed(event);
      },
    };
  }
}

const isWanted = (kind: keyof ReferredKinds): kind is WantedKind =>
  kind === 'Secret' || kind === 'Certificate' || kind === 'TrustBundle';

function endpointTermsOf(object: EndpointCertificate): string[] {
  return endpointCertificateKind.indexes['endpoint']!(object).map(endpointCertificatesTerm);
}

/** The server counts; a revision that is no number is taken as it comes. */
function newer(a: string, b: string): string {
  return Number(a) > Number(b) ? a : b;
}
