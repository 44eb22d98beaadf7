import type { KeyEntryMaterial, TrustedMaterial } from '#pki/material';
import type { MaterialMark, WantedMaterial, Workload } from '#model/resources';
import { noMemo } from '#model/stores';
import type { Lookup, Problem, StoreMemo } from '#model/stores';
import { desiredIdentity } from './desired-identity.ts';
import { desiredTrust } from './desired-trust.ts';

interface Desired {
  /** The entry of `spec.presents` or `spec.trusts`. */
  readonly name: string;
  /** What reports must name to count. */
  readonly mark: MaterialMark;
}

/** A key with its chain, which is presented. */
export interface DesiredIdentity extends Desired {
  readonly kind: 'identity';
  readonly entry: KeyEntryMaterial;
  /** `ns/name` of the Secret that it is in. */
  readonly secretName: string;
  /** What should be known although it is used: its end, a chain that breaks a rule. */
  readonly flaw: Problem | undefined;
}

/** Certificates that are trusted. */
export interface DesiredTrust extends Desired {
  readonly kind: 'trust';
  /** In a stable order, each once. */
  readonly certificates: readonly TrustedMaterial[];
  /** `ns/name` of the TrustBundle that they are from. */
  readonly bundle: string | undefined;
}

/** What cannot be had at the moment: what was there before stays, and so does its mark. */
export interface UnresolvedMaterial {
  readonly name: string;
  readonly kind: 'identity' | 'trust';
  readonly mark: MaterialMark | undefined;
  readonly problem: Problem;
}

export type DesiredMaterial = DesiredIdentity | DesiredTrust | UnresolvedMaterial;

/**
 * What every instance of the Workload shall have. Marks continue those in `status.materials`: one generation more than
 * before when something differs, and never less than that of the bundle that is trusted.
 */
export function desiredMaterials(
  lookup: Lookup,
  workload: Workload,
  now: Date,
  memo: StoreMemo = noMemo,
): DesiredMaterial[] {
  const { presents = [], trusts = [] } = workload.spec;
  return [
    ...presents.map((entry, at) => desiredIdentity(lookup, workload, { entry, at }, now, memo)),
    ...trusts.map((entry, at) => desiredTrust(lookup, workload, { entry, at }, now, memo)),
  ];
}

/** `status.materials`: the marks of what is desired, those of what cannot be resolved as they were. */
export const wantedMaterials = (desired: readonly DesiredMaterial[]): WantedMaterial[] =>
  desired.flatMap(({ name, kind, mark }) => (mark === undefined ? [] : [{ name, kind, ...mark }]));
