/** Whether two lists hold the same texts as often, in whatever order; an absent list is an empty one. */
export function sameMembers(a: readonly string[] = [], b: readonly string[] = []): boolean {
  if (a.length !== b.length) return false;
  if (a.every((text, index) => text === b[index])) return true;
  const sorted = [...b].sort();
  return [...a].sort().every((text, index) => text === sorted[index]);
}
