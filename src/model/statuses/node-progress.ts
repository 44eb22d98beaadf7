import type { NodeProgress } from '#model/resources';
import type { NodeReport } from './node-reports.ts';

const mostLagging = 100;

/** How far a generation of an endpoint certificate (`ns/name`) has come among the nodes that shall use it. */
export function nodeProgress(term: string, generation: number, nodes: readonly NodeReport[]): NodeProgress {
  let loaded = 0;
  const lagging: string[] = [];
  for (const node of nodes) {
    const { isLoaded, isProven } = progressOn(node, term, generation);
    if (isLoaded) loaded += 1;
    if (!isProven) lagging.push(node.name);
  }
  return {
    desired: nodes.length,
    loaded,
    proven: nodes.length - lagging.length,
    ...(lagging.length === 0 ? {} : { lagging: lagging.sort(byText).slice(0, mostLagging) }),
  };
}

/** A node that gives no sign of life proves nothing; what it loaded it may still have. */
function progressOn(
  { certificates, isLost, restIsProven }: NodeReport,
  term: string,
  generation: number,
): { readonly isLoaded: boolean; readonly isProven: boolean } {
  const report = certificates.get(term);
  if (report === undefined) return { isLoaded: restIsProven, isProven: restIsProven && !isLost };
  const isCurrent = report.generation >= generation;
  return { isLoaded: isCurrent && report.isLoaded, isProven: isCurrent && report.isProven && !isLost };
}

const byText = (one: string, other: string): number => (one < other ? -1 : Number(one > other));
