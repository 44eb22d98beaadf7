import type { Clock } from '#control/runtime';
import type { Connection } from '#edge/following';
import type { KubeObject } from '#model/objects';
import {
  certificateKind,
  keystoreKind,
  secretKind,
  tlsClientProfileKind,
  tlsServerProfileKind,
  trustBundleKind,
  truststoreKind,
  workloadKind,
  type Workload,
} from '#model/resources';
import { objectTerm, type Lookup, type ReferredKinds } from '#model/stores';
import { ObjectWatch } from './object-watch.ts';

const kinds = {
  Secret: secretKind,
  Certificate: certificateKind,
  Keystore: keystoreKind,
  Truststore: truststoreKind,
  TLSClientProfile: tlsClientProfileKind,
  TLSServerProfile: tlsServerProfileKind,
  TrustBundle: trustBundleKind,
  Workload: workloadKind,
} as const;

interface SeenKinds extends ReferredKinds {
  readonly Workload: Workload;
}

export interface AgentSightOptions {
  readonly connection: Connection;
  readonly clock: Clock;
  readonly random: () => number;
  readonly onChange: () => void;
  readonly onConnected: (isConnected: boolean, failure: unknown) => void;
}

/** A reading that saw all that it looked at, or what it still waits for. */
export type Reading<T> = { readonly isWhole: true; readonly value: T } | { readonly isWhole: false };

/** What one Workload's agent sees: exactly the objects that were looked at, each followed from the first look on. */
export class AgentSight {
  readonly #options: AgentSightOptions;
  readonly #watches = new Map<string, ObjectWatch<KubeObject>>();
  readonly #lost = new Map<string, unknown>();

  constructor(options: AgentSightOptions) {
    this.#options = options;
  }

  /** Reads through a Lookup. What is looked at for the first time is on its way; what is no longer is let go. */
  read<T>(read: (lookup: Lookup, workload: (namespace: string, name: string) => Workload | undefined) => T) {
    const seen = new Set<string>();
    let isWhole = true;
    const look = <K extends keyof SeenKinds>(kind: K, namespace: string, name: string): SeenKinds[K] | undefined => {
      const term = objectTerm(kind, namespace, name);
      seen.add(term);
      const watch = this.#watches.get(term) ?? this.#open(term, kind, namespace, name);
      isWhole &&= watch.isKnown;
      return watch.object as SeenKinds[K] | undefined;
    };
    const lookup: Lookup = { get: look };
    const value = read(lookup, (namespace, name) => look('Workload', namespace, name));
    if (isWhole) this.#letGo(seen);
    return (isWhole ? { isWhole, value } : { isWhole }) as Reading<T>;
  }

  stop(): void {
    this.#letGo(new Set());
  }

  #open(term: string, kind: keyof SeenKinds, namespace: string, name: string): ObjectWatch<KubeObject> {
    const { connection, clock, random, onChange } = this.#options;
    const watch = new ObjectWatch<KubeObject>(
      { resource: kinds[kind], namespace, name },
      { connection, clock, random },
      onChange,
      (isConnected, failure) => this.#connected(term, isConnected, failure),
    );
    this.#watches.set(term, watch);
    return watch;
  }

  #connected(term: string, isConnected: boolean, failure: unknown): void {
    if (isConnected) this.#lost.delete(term);
    else this.#lost.set(term, failure);
    this.#options.onConnected(this.#lost.size === 0, this.#lost.values().next().value);
  }

  #letGo(kept: ReadonlySet<string>): void {
    for (const [term, watch] of this.#watches) {
      if (kept.has(term)) continue;
      watch.stop();
      this.#watches.delete(term);
      this.#lost.delete(term);
    }
  }
}
