import type { LinkState } from './snapshot.ts';

/**
 * In which order workloads get new leaves: callers before those they call. A caller that cannot use its new leaf fails
 * alone, but a server fails with everybody who calls it; so the servers that most depend on come last, when each of
 * their clients has already shown that it reloads, and lives with certificates of the next CA.
 *
 * Answers each workload's tier, 0 first. Workloads that call each other in a circle share one.
 */
export function tiersOf(links: readonly LinkState[]): ReadonlyMap<string, number> {
  const callers = callersOf(links);
  const tiers = new Map<string, number>();
  for (const circle of circlesOf(callers)) {
    const outside = circle.flatMap((workload) => [...callers.get(workload)!].filter((one) => !circle.includes(one)));
    const tier = Math.max(-1, ...outside.map((caller) => tiers.get(caller)!)) + 1;
    for (const workload of circle) tiers.set(workload, tier);
  }
  return tiers;
}

function callersOf(links: readonly LinkState[]): Map<string, Set<string>> {
  const callers = new Map<string, Set<string>>();
  for (const { side, presenter, verifier } of links) {
    const [client, server] = side === 'server' ? [verifier, presenter] : [presenter, verifier];
    if (!callers.has(client)) callers.set(client, new Set());
    callers.set(server, (callers.get(server) ?? new Set()).add(client));
  }
  return callers;
}

/** Tarjan's strongly connected components, each after those that its members are called by. */
function circlesOf(callers: ReadonlyMap<string, ReadonlySet<string>>): string[][] {
  const found: string[][] = [];
  const numbers = new Map<string, number>();
  const lowest = new Map<string, number>();
  const open: string[] = [];
  const visit = (workload: string): void => {
    numbers.set(workload, numbers.size);
    lowest.set(workload, numbers.get(workload)!);
    open.push(workload);
    for (const caller of callers.get(workload)!) {
      if (!numbers.has(caller)) visit(caller);
      if (open.includes(caller)) lowest.set(workload, Math.min(lowest.get(workload)!, lowest.get(caller)!));
    }
    if (lowest.get(workload) === numbers.get(workload)) found.push(open.splice(open.indexOf(workload)));
  };
  for (const workload of callers.keys()) if (!numbers.has(workload)) visit(workload);
  return found;
}
