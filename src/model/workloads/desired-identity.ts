import { hash } from 'node:crypto';
import type { KeyEntryMaterial } from '#pki/material';
import type { MaterialMark, Workload, WorkloadIdentity } from '#model/resources';
import { dateFlaw, objectTerm, resolveKey } from '#model/stores';
import type { Lookup, Problem, StoreMemo } from '#model/stores';
import type { DesiredIdentity, UnresolvedMaterial } from './desired-materials.ts';
import { markBefore, nextMark } from './mark.ts';

interface Numbered<T> {
  readonly entry: T;
  readonly at: number;
}

/** What an entry of `spec.presents` stands for. A certificate with a flaw never takes the place of another. */
export function desiredIdentity(
  lookup: Lookup,
  workload: Workload,
  { entry: { name, ...origin }, at }: Numbered<WorkloadIdentity>,
  now: Date,
  memo: StoreMemo,
): DesiredIdentity | UnresolvedMaterial {
  const kind = 'identity';
  const { namespace = '' } = workload.metadata;
  const before = markBefore(workload, name, kind);
  const term = `${objectTerm('Workload', namespace, workload.metadata.name)} presents[${at}]`;
  const resolved = resolveKey(lookup, { spec: origin, namespace, term }, now, memo);
  if (!resolved.ok) return { name, kind, mark: before, problem: resolved.problem };
  const { entry, secretName } = resolved.value;
  const flaw = resolved.value.flaw ?? datesOf(entry, term, now);
  const mark = nextMark(before, contentOf(entry), now);
  if (flaw !== undefined && before !== undefined && mark !== before) return { name, kind, mark: before, problem: flaw };
  return { name, kind, mark, entry, secretName, flaw };
}

/** The whole chain counts: a cross-signed one is another, though the certificate is the same. */
function contentOf({ certificate, chain }: KeyEntryMaterial): Pick<MaterialMark, 'fingerprint' | 'digest'> {
  const digest = hash('sha256', chain.map(({ fingerprint }) => fingerprint).join('\n'));
  return { fingerprint: certificate.fingerprint, digest };
}

function datesOf({ certificate }: KeyEntryMaterial, term: string, now: Date): Problem | undefined {
  const flaw = dateFlaw(certificate, now);
  return flaw === undefined ? undefined : { ...flaw, message: `${term}: ${flaw.message}` };
}
