import type { ResourceStore } from '#control/store';
import type { KubeObject } from '#model/objects';
import {
  certificateKind,
  keystoreKind,
  secretKind,
  trustBundleKind,
  truststoreKind,
  workloadInstanceName,
  workloadKind,
  type Kind,
  type ObjectRef,
  type Workload,
} from '#model/resources';
import { createStoreMemo, objectTerm, targetOf, type Lookup, type StoreMemo } from '#model/stores';
import { desiredMaterials } from '#model/workloads';

const kinds: Readonly<Record<string, Kind>> = {
  Secret: secretKind,
  Certificate: certificateKind,
  Keystore: keystoreKind,
  Truststore: truststoreKind,
  TrustBundle: trustBundleKind,
};

/** Each reading may lead to more to read; references do not go deeper than stores of stores. */
const mostReadings = 20;

/** Terms (`Kind ns/name`) of the objects that an agent may see. */
export type AgentScope = ReadonlySet<string>;

/**
 * What agents may see: their Workloads, and every object that was looked at to find out what these shall have — by the
 * very function by which the agent finds it out, so that it is neither more nor less than it needs.
 */
export class AgentScopes {
  readonly #store: ResourceStore;
  readonly #now: () => Date;
  readonly #memo: StoreMemo = createStoreMemo(2000);

  constructor(store: ResourceStore, now: () => Date) {
    this.#store = store;
    this.#now = now;
  }

  async of(agent: string): Promise<AgentScope> {
    const scope = new Set<string>();
    for (const workload of await this.#workloadsOf(agent)) await this.#add(workload, scope);
    return scope;
  }

  /** What an agent may write: the instances that are declared to be its own. */
  async instancesOf(agent: string): Promise<AgentScope> {
    const workloads = await this.#workloadsOf(agent);
    return new Set(
      workloads.flatMap(({ metadata, spec: { instances = [] } }) =>
        instances
          .filter((one) => namesOf(agent).includes(one.agent ?? ''))
          .map(({ name }) =>
            objectTerm('WorkloadInstance', metadata.namespace, workloadInstanceName(metadata.name, name)),
          ),
      ),
    );
  }

  async #workloadsOf(agent: string): Promise<Workload[]> {
    const lists = await Promise.all(
      namesOf(agent).map((value) =>
        this.#store.list<Workload>({ kind: workloadKind }, { index: { name: 'agent', value } }),
      ),
    );
    return lists.flatMap(({ items }) => items);
  }

  async #add(workload: Workload, scope: Set<string>): Promise<void> {
    const { namespace = '', name } = workload.metadata;
    scope.add(objectTerm('Workload', namespace, name));
    const objects = new Map<string, KubeObject | undefined>();
    for (let reading = 0; reading < mostReadings; reading += 1) {
      const missing = looksOf(workload, objects, this.#now(), this.#memo);
      if (missing.length === 0) break;
      for (const place of missing) objects.set(place.term, await this.#read(place));
    }
    for (const term of objects.keys()) scope.add(term);
  }

  async #read({ kind, namespace, name }: Look): Promise<KubeObject | undefined> {
    const known = kinds[kind];
    return known === undefined ? undefined : this.#store.get({ kind: known, namespace, name });
  }
}

/** As Workloads may spell it. */
const namesOf = (agent: string): string[] => [agent, `agent:${agent}`];

interface Look {
  readonly term: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

/** What is looked at and has not been read yet. */
function looksOf(
  workload: Workload,
  objects: ReadonlyMap<string, KubeObject | undefined>,
  now: Date,
  memo: StoreMemo,
): Look[] {
  const missing = new Map<string, Look>();
  const look = (kind: string, namespace: string, name: string): never => {
    const term = objectTerm(kind, namespace, name);
    if (!objects.has(term)) missing.set(term, { term, kind, namespace, name });
    return objects.get(term) as never;
  };
  const lookup: Lookup = { get: look };
  desiredMaterials(lookup, workload, now, memo);
  for (const ref of passwordRefs(workload)) {
    const place = targetOf(ref, workload.metadata.namespace ?? '', 'Secret');
    if (place.ok) look('Secret', place.value.namespace, place.value.name);
  }
  return [...missing.values()];
}

const passwordRefs = ({ spec: { files = [] } }: Workload): ObjectRef[] =>
  files.flatMap(({ passwordRef }) => passwordRef ?? []);
