import type { KubeObject } from '#model/objects';
import type { Kind } from '#model/resources';
import { objectTerm } from '#model/stores';
import type { ResourceStore } from '#control/store';
import type { LoopChange, LoopKinds } from '../context.ts';

/** A kind whose objects name others, and the index under which it is found by them. */
interface UserIndex {
  readonly kind: keyof LoopKinds;
  readonly index: string;
}

/** Who may refer to an object, by its kind. APIs find endpoint certificates by endpoint, which is no reference. */
const userIndexes: Readonly<Record<string, readonly UserIndex[]>> = {
  Secret: [
    { kind: 'keystore', index: 'secret' },
    { kind: 'truststore', index: 'secret' },
    { kind: 'trustBundle', index: 'secret' },
    { kind: 'workload', index: 'secret' },
  ],
  Certificate: [
    { kind: 'keystore', index: 'certificate' },
    { kind: 'truststore', index: 'certificate' },
    { kind: 'trustBundle', index: 'certificate' },
    { kind: 'workload', index: 'certificate' },
  ],
  Keystore: [
    { kind: 'serverProfile', index: 'keystore' },
    { kind: 'clientProfile', index: 'keystore' },
    { kind: 'keystore', index: 'keystore' },
    { kind: 'truststore', index: 'keystore' },
    { kind: 'workload', index: 'keystore' },
  ],
  Truststore: [
    { kind: 'serverProfile', index: 'truststore' },
    { kind: 'clientProfile', index: 'truststore' },
    { kind: 'truststore', index: 'truststore' },
    { kind: 'trustBundle', index: 'truststore' },
    { kind: 'workload', index: 'truststore' },
  ],
  TrustBundle: [
    { kind: 'truststore', index: 'trustBundle' },
    { kind: 'trustBundle', index: 'trustBundle' },
    { kind: 'workload', index: 'trustBundle' },
  ],
  Workload: [{ kind: 'workload', index: 'workload' }],
  TLSClientProfile: [{ kind: 'api', index: 'clientProfile' }],
  TLSServerProfile: [{ kind: 'gateway', index: 'serverProfile' }],
};

/** Where users are looked for. */
export interface Reading {
  readonly store: ResourceStore;
  readonly kinds: LoopKinds;
}

/** The objects that name `object`, by kind, namespace and name. */
export async function directUsers({ store, kinds }: Reading, { kind, metadata }: KubeObject): Promise<KubeObject[]> {
  const value = `${metadata.namespace ?? ''}/${metadata.name}`;
  const found = await Promise.all(
    (userIndexes[kind] ?? []).map((user) =>
      store.list<KubeObject>({ kind: kinds[user.kind] }, { index: { name: user.index, value } }),
    ),
  );
  return found.flatMap(({ items }) => items);
}

/** `Keystore apic/portal`. */
export function termOf({ kind, metadata }: KubeObject): string {
  return objectTerm(kind, metadata.namespace, metadata.name);
}

/** Terms of the objects of `targets` that a change gave a user or took one from. */
export function usesChanged(kinds: LoopKinds, change: LoopChange, targets: readonly string[]): string[] {
  return targets.flatMap((target) =>
    (userIndexes[target] ?? [])
      .filter(({ kind }) => (kinds[kind] as unknown as Kind) === change.kind)
      .flatMap(({ index }) => changedTerms(change, index).map((term) => `${target} ${term}`)),
  );
}

function changedTerms({ kind, type, object, previous }: LoopChange, index: string): readonly string[] {
  const terms = (one: KubeObject | undefined): readonly string[] =>
    one === undefined ? [] : kind.indexes[index]!(one);
  const now = type === 'DELETED' ? [] : terms(object);
  const before = type === 'DELETED' ? terms(object) : terms(previous);
  return [...now.filter((term) => !before.includes(term)), ...before.filter((term) => !now.includes(term))];
}
