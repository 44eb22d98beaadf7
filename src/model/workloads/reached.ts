import type { InstanceReport, MaterialReport, WantedMaterial } from '#model/resources';

type Level = 'delivered' | 'loaded' | 'persisted' | 'proven' | 'exclusive';

/** What an instance says of a material. */
export const materialIn = (
  report: InstanceReport | undefined,
  { name, kind }: Pick<WantedMaterial, 'name' | 'kind'>,
): MaterialReport | undefined => report?.materials?.find((one) => one.name === name && one.kind === kind);

/**
 * Whether an instance has brought what is wanted now to this level, since its server started: a report about an earlier
 * generation, about another content, or from before a restart counts for nothing.
 */
export function hasReached(report: InstanceReport | undefined, wanted: WantedMaterial, level: Level): boolean {
  const mark = materialIn(report, wanted)?.[level];
  if (mark === undefined || mark.digest !== wanted.digest || mark.generation < wanted.generation) return false;
  return report?.startedTime === undefined || Date.parse(mark.at) >= Date.parse(report.startedTime);
}
