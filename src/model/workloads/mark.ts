import { formatTimestamp } from '#model/objects';
import type { MaterialMark, WantedMaterial, Workload } from '#model/resources';

/** The mark that the Workload's status has for the material, when it is of the same kind. */
export function markBefore({ status }: Workload, name: string, kind: WantedMaterial['kind']): MaterialMark | undefined {
  const wanted = status?.materials?.find((one) => one.name === name && one.kind === kind);
  if (wanted === undefined) return undefined;
  const { name: _, kind: __, ...mark } = wanted;
  return mark;
}

type Content = Pick<MaterialMark, 'fingerprint' | 'digest'>;

/**
 * The mark of `content`: the one before while the digest is the same, else the next generation, which is at least
 * `least`. Never goes back, so that no report about something older counts again.
 */
export function nextMark(before: MaterialMark | undefined, content: Content, now: Date, least = 1): MaterialMark {
  const isSame = before !== undefined && before.digest === content.digest && before.generation >= least;
  if (isSame) return before;
  return { ...content, generation: Math.max((before?.generation ?? 0) + 1, least), at: formatTimestamp(now) };
}
