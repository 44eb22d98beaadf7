/**
 * The aliases, with `fallback` and a number where there is none, and a number after one that occurred already: nothing
 * can be asked for by a name that two have. Upper and lower case are the same, as in Java.
 */
export function distinctAliases(aliases: readonly string[], fallback: string): string[] {
  const taken = new Set<string>();
  return aliases.map((alias, i) => {
    const wanted = alias === '' ? `${fallback}-${i + 1}` : alias;
    const free = freeName(wanted, taken);
    taken.add(free.toLowerCase());
    return free;
  });
}

function freeName(wanted: string, taken: ReadonlySet<string>): string {
  let free = wanted;
  for (let n = 2; taken.has(free.toLowerCase()); n++) free = `${wanted}-${n}`;
  return free;
}
