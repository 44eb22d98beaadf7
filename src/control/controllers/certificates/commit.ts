import type { KubeObject } from '#model/objects';
import type { Certificate, CertificateRequest, Secret } from '#model/resources';
import type { CertificateSnapshot } from '#model/certificates';
import type { LoopContext } from '../context.ts';
import { plannedWrites } from './planned-writes.ts';

/** What was written: the snapshot as it is stored now, and the resource versions of the writes. */
export interface Commit {
  readonly stored: CertificateSnapshot;
  readonly wrote: readonly string[];
}

/**
 * Writes the difference between two snapshots, all of it or nothing where the store can. Fails with conflict when the
 * Certificate was changed by somebody else in between.
 */
export async function commit(
  context: LoopContext,
  before: CertificateSnapshot,
  after: CertificateSnapshot,
): Promise<Commit> {
  const writes = plannedWrites(before, after, context.kinds);
  if (writes.length === 0) return { stored: after, wrote: [] };
  const answers = await context.store.sequence(writes);
  const objects = answers.filter((object) => object !== undefined);
  const wrote = objects.map(({ metadata }) => metadata.resourceVersion);
  context.echoes.expect(wrote);
  return { stored: stored(after, objects), wrote };
}

function stored(after: CertificateSnapshot, objects: readonly KubeObject[]): CertificateSnapshot {
  const find = <T extends KubeObject>(object: T): T =>
    (objects.find(({ kind, metadata }) => kind === object.kind && metadata.name === object.metadata.name) as T) ??
    object;
  const secret = after.secret === undefined ? undefined : find<Secret>(after.secret);
  return {
    ...after,
    certificate: find<Certificate>(after.certificate),
    secret,
    secretConfig: undefined,
    requests: after.requests.map((request) => find<CertificateRequest>(request)),
    nextKeySecrets: after.nextKeySecrets.map((one) => find<Secret>(one)),
  };
}
