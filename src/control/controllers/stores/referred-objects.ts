import type { KubeObject } from '#model/objects';
import type { Certificate, Keystore, Kind, ObjectRef, Truststore, TruststoreSource } from '#model/resources';
import { objectTerm } from '#model/stores';
import type { Lookup, ReferredKinds } from '#model/stores';
import type { LoopContext, LoopKinds } from '../context.ts';
import { termOf } from '../usage/direct-users.ts';

/** An object as it was found under its term; undefined: there is none. */
export type Referred = ReadonlyMap<string, KubeObject | undefined>;

interface Target {
  readonly kind: 'Secret' | 'Certificate' | 'Keystore' | 'Truststore';
  readonly namespace: string;
  readonly name: string;
}

/**
 * The store itself and everything that it is made from, over any number of other stores, what is missing included.
 * `onTerm` hears of each object before it is read.
 */
export async function readReferred(
  context: LoopContext,
  store: Keystore | Truststore,
  onTerm: (term: string) => void,
): Promise<Referred> {
  const found = new Map<string, KubeObject | undefined>([[termOf(store), store]]);
  let next = targetsOf(store);
  while (next.length > 0) {
    const fresh = new Map(next.map((target) => [termOfTarget(target), target]));
    for (const term of found.keys()) fresh.delete(term);
    for (const term of fresh.keys()) onTerm(term);
    const objects = await Promise.all([...fresh.values()].map((target) => read(context, target)));
    for (const [place, term] of [...fresh.keys()].entries()) found.set(term, objects[place]);
    next = objects.flatMap((object) => (object === undefined ? [] : targetsOf(object)));
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
  };
  return byName[kind];
}

function targetsOf(object: KubeObject): Target[] {
  const { kind } = object;
  if (kind === 'Keystore') return targetsIn(object, [(object as Keystore).spec]);
  if (kind === 'Truststore') return targetsIn(object, (object as Truststore).spec.sources);
  if (kind !== 'Certificate') return [];
  const { secretName } = (object as Certificate).spec;
  return [{ kind: 'Secret', namespace: object.metadata.namespace ?? '', name: secretName }];
}

type Origin = Partial<
  Pick<TruststoreSource & Keystore['spec'], 'secretRef' | 'certificateRef' | 'keystoreRef'> &
    Record<'passwordRef' | 'keyPasswordRef' | 'truststoreRef', ObjectRef>
>;

function targetsIn({ metadata }: KubeObject, origins: readonly Origin[]): Target[] {
  const target = (kind: Target['kind'], ref: ObjectRef | undefined): Target[] =>
    ref === undefined ? [] : [{ kind, namespace: ref.namespace || (metadata.namespace ?? ''), name: ref.name }];
  return origins.flatMap((origin) => [
    ...target('Secret', origin.secretRef),
    ...target('Secret', origin.passwordRef),
    ...target('Secret', origin.keyPasswordRef),
    ...target('Certificate', origin.certificateRef),
    ...target('Keystore', origin.keystoreRef),
    ...target('Truststore', origin.truststoreRef),
  ]);
}
