import type { Certificate } from '#model/resources';
import type { LoopContext } from '../context.ts';

/** Where an object is. */
export interface Place {
  readonly namespace: string;
  readonly name: string;
}

const pageSize = 500;

/**
 * The Certificates of these names, each in the namespace where it was made first. Asks every namespace by name: there may
 * be any number of Certificates, but few namespaces.
 */
export async function followedCertificates(
  context: LoopContext,
  names: ReadonlySet<string>,
): Promise<Map<string, Place>> {
  const oldest = new Map<string, Certificate>();
  for await (const namespace of namespaceNames(context)) {
    for (const name of names) {
      const found = await context.store.get({ kind: context.kinds.certificate, namespace, name });
      if (found !== undefined && isBefore(found, oldest.get(name))) oldest.set(name, found);
    }
  }
  return new Map([...oldest].map(([name, { metadata }]) => [name, { namespace: metadata.namespace ?? '', name }]));
}

function isBefore({ metadata }: Certificate, other: Certificate | undefined): boolean {
  if (metadata.deletionTimestamp !== undefined) return false;
  return other === undefined || metadata.creationTimestamp < other.metadata.creationTimestamp;
}

async function* namespaceNames({ store, kinds }: LoopContext): AsyncIterable<string> {
  for (let next: string | undefined, first = true; first || next !== undefined; first = false) {
    const page = await store.list(
      { kind: kinds.namespace },
      { limit: pageSize, ...(next === undefined ? {} : { continue: next }) },
    );
    for (const { metadata } of page.items) yield metadata.name;
    next = page.continue;
  }
}
