import type { KubeObject } from '#model/objects';
import type { Certificate, Keystore, Kind, ObjectRef, TrustBundle, Truststore, Workload } from '#model/resources';
import { objectTerm } from '#model/stores';
import type { Lookup, ReferredKinds } from '#model/stores';
import { bundleTarget } from '#model/trust';
import type { LoopContext, LoopKinds } from '../context.ts';
import { termOf } from '../usage/direct-users.ts';

/** An object as it was found under its term; undefined: there is none. */
export type Referred = ReadonlyMap<string, KubeObject | undefined>;

/** Reads an object, or knows it. */
export interface ReadMemo {
  read(term: string, read: () => Promise<KubeObject | undefined>): Promise<KubeObject | undefined>;
}

const always: ReadMemo = { read: (_, read) => read() };

/** What is made from other objects. */
export type Referring = Keystore | Truststore | TrustBundle | Workload;

const targetKinds = ['Secret', 'Certificate', 'Keystore', 'Truststore', 'TrustBundle'] as const;

interface Target {
  readonly kind: (typeof targetKinds)[number];
  readonly namespace: string;
  readonly name: string;
}

/**
 * The object itself and everything that it is made from, over any number of stores between, what is missing included. Of
 * other bundles only what their status says counts, so what they are made from is not followed but for their circle.
 * `onTerm` hears of each object before it is read.
 */
export async function readReferred(
  context: LoopContext,
  root: Referring,
  onTerm: (term: string) => void,
  memo: ReadMemo = always,
): Promise<Referred> {
  const found = new Map<string, KubeObject | undefined>([[termOf(root), root]]);
  let next = targetsOf(root, true);
  while (next.length > 0) {
    const fresh = new Map(next.map((target) => [termOfTarget(target), target]));
    for (const term of found.keys()) fresh.delete(term);
    for (const term of fresh.keys()) onTerm(term);
    const objects = await Promise.all(
      Array.from(fresh, ([term, target]) => memo.read(term, () => read(context, target))),
    );
    for (const [place, term] of [...fresh.keys()].entries()) found.set(term, objects[place]);
    next = objects.flatMap((object) => (object === undefined ? [] : targetsOf(object, false)));
  }
  return found;
}

function termOfTarget({ kind, namespace, name }: Target): string {
  return objectTerm(kind, namespace, name);
}

/** The objects that were read, as decisions ask for them. */
export function lookupIn(referred: Referred): Lookup {
  return {
    get: <K extends keyof ReferredKinds>(kind: K, namespace: string, name: string) =>
      referred.get(objectTerm(kind, namespace, name)) as ReferredKinds[K] | undefined,
  };
}

function read({ store, kinds }: LoopContext, { kind, namespace, name }: Target): Promise<KubeObject | undefined> {
  return store.get({ kind: kindOf(kinds, kind), namespace, name });
}

function kindOf(kinds: LoopKinds, kind: Target['kind']): Kind {
  const byName = {
    Secret: kinds.secret,
    Certificate: kinds.certificate,
    Keystore: kinds.keystore,
    Truststore: kinds.truststore,
    TrustBundle: kinds.trustBundle,
  };
  return byName[kind];
}

function targetsOf(object: KubeObject, isRoot: boolean): Target[] {
  switch (object.kind) {
    case 'Keystore':
      return targetsIn(object, [(object as Keystore).spec]);
    case 'Truststore':
      return targetsIn(object, (object as Truststore).spec.sources);
    case 'TrustBundle':
      return bundleTargets(object as TrustBundle, isRoot);
    case 'Workload':
      return workloadTargets(object as Workload);
    case 'Certificate': {
      const { secretName } = (object as Certificate).spec;
      return [{ kind: 'Secret', namespace: object.metadata.namespace ?? '', name: secretName }];
    }
    default:
      return [];
  }
}

function bundleTargets(bundle: TrustBundle, isRoot: boolean): Target[] {
  const { sources } = bundle.spec;
  if (!isRoot)
    return targetsIn(
      bundle,
      sources.map(({ trustBundleRef, truststoreRef }) => ({ trustBundleRef, truststoreRef })),
    );
  return [...targetsIn(bundle, sources), ...targetsIn(bundle, bundleTarget(bundle).formats)];
}

function workloadTargets(workload: Workload): Target[] {
  const { presents = [], trusts = [] } = workload.spec;
  return targetsIn(workload, [...presents, ...trusts]);
}

type RefField = `${Uncapitalize<Target['kind']>}Ref` | 'passwordRef' | 'keyPasswordRef';
type Origin = { readonly [K in RefField]?: ObjectRef | undefined };

const kindBehind: Readonly<Record<RefField, Target['kind']>> = {
  secretRef: 'Secret',
  passwordRef: 'Secret',
  keyPasswordRef: 'Secret',
  certificateRef: 'Certificate',
  keystoreRef: 'Keystore',
  truststoreRef: 'Truststore',
  trustBundleRef: 'TrustBundle',
};

const refFields = Object.keys(kindBehind) as RefField[];

function targetsIn({ metadata }: KubeObject, origins: readonly Origin[]): Target[] {
  return origins.flatMap((origin) =>
    refFields.flatMap((field) => {
      const ref = origin[field];
      const namespace = ref?.namespace || (metadata.namespace ?? '');
      return ref === undefined ? [] : [{ kind: kindBehind[field], namespace, name: ref.name }];
    }),
  );
}
