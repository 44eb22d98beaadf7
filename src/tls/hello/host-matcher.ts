/** Finds the value of the pattern that fits a host best. */
export interface HostMatcher<T> {
  /** Exact name, then `*.x` for one label, then `*`; only `*` fits the absence of a name. */
  match(name: string | undefined): T | undefined;
}

/** Compiled from patterns (`*`, `*.x`, `a.x`, in lower case); of equal patterns the first counts. */
export function hostMatcher<T>(entries: Iterable<readonly [pattern: string, value: T]>): HostMatcher<T> {
  const byPattern = new Map<string, T>();
  for (const [pattern, value] of entries) if (!byPattern.has(pattern)) byPattern.set(pattern, value);
  return { match: (name) => byPattern.get(bestPattern(byPattern, name)) };
}

function bestPattern(patterns: ReadonlyMap<string, unknown>, name: string | undefined): string {
  if (name === undefined) return '*';
  if (patterns.has(name)) return name;
  const wildcard = `*${name.slice(name.indexOf('.'))}`;
  return name.includes('.') && patterns.has(wildcard) ? wildcard : '*';
}
