import { setCondition } from '#model/objects';
import type { ConditionUpdate } from '#model/objects';
import type { TrustBundle, TrustBundleStatus } from '#model/resources';
import type { Problem } from '#model/stores';
import { trustedAnchors } from '#model/stores';
import type { NextBundle } from './next-bundle.ts';
import { bundleTarget } from './target.ts';

/**
 * The status that a bundle shall have: the set and its generation in one, so that neither is ever written without the
 * other; Ready unless a source is silent or the set could not be changed. Conditions of other types stay.
 */
export function bundleStatus(bundle: TrustBundle, next: NextBundle, now: Date): TrustBundleStatus {
  const { generation } = bundle.metadata;
  const { kind, namespace, name } = bundleTarget(bundle);
  const trusted = trustedAnchors({ status: { anchors: [...next.anchors] } });
  const notAfter = trusted.map((anchor) => anchor.notAfter).reduce(earlier, '');
  const ready = {
    ...readiness(next, trusted.length),
    ...(generation !== undefined && { observedGeneration: generation }),
  };
  return {
    ...(generation !== undefined && { observedGeneration: generation }),
    conditions: [...setCondition(bundle.status?.conditions, ready, now)],
    bundleGeneration: next.bundleGeneration,
    digest: next.digest,
    count: trusted.length,
    ...(notAfter !== '' && { notAfter }),
    anchors: [...next.anchors],
    targetName: `${kind} ${namespace}/${name}`,
  };
}

const earlier = (one: string, other: string): string => (one === '' || other < one ? other : one);

function readiness({ refusal, problems, anchors }: NextBundle, count: number): ConditionUpdate {
  const [first, ...more] = refusal === undefined ? problems : [refusal, ...problems];
  if (first !== undefined)
    return { type: 'Ready', status: 'False', reason: first.reason, message: told(first, more.length) };
  if (count === 0) {
    return { type: 'Ready', status: 'False', reason: 'NoCertificate', message: 'no source gives a certificate' };
  }
  const retained = anchors.filter(({ state }) => state === 'retained').length;
  const kept = retained === 0 ? '' : `, ${retained} of which no source gives any more`;
  return { type: 'Ready', status: 'True', reason: 'Verified', message: `${counted(count)} trusted${kept}` };
}

function told({ message, hint }: Problem, more: number): string {
  const others = more === 0 ? '' : ` (and ${more} more)`;
  return `${message}${others}${hint === undefined ? '' : `. ${hint}`}`;
}

const counted = (count: number): string => `${count} certificate${count === 1 ? '' : 's'}`;
