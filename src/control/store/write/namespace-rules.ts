import type { KubeObject } from '#model/objects';
import type { Kind } from '#model/resources';

/** The one kind that others live in; its deletion waits for its contents. */
export function isNamespaceKind({ group, kind }: Kind): boolean {
  return group === '' && kind === 'Namespace';
}

type Namespace = KubeObject & {
  readonly spec?: { readonly finalizers?: readonly string[] };
  readonly status?: object;
};

function isNamespace(object: KubeObject): object is Namespace {
  return object.apiVersion === 'v1' && object.kind === 'Namespace';
}

/** A namespace keeps its own list of what must be done first, in its spec. */
export function namespaceFinalizers(object: KubeObject): readonly string[] {
  return isNamespace(object) ? (object.spec?.finalizers ?? []) : [];
}

/** What a namespace says of itself once its deletion was asked for; other objects stay as they are. */
export function withTerminatingPhase(object: KubeObject): KubeObject {
  if (!isNamespace(object)) return object;
  return { ...object, status: { ...object.status, phase: 'Terminating' } } as Namespace;
}
