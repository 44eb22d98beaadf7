import type { Compiled, PlanWarning } from '#model/gateways';
import type { Problem } from '#model/stores';

/** What the engine would not take. */
export interface Refusal {
  readonly code: string;
  readonly message: string;
}

/** One listener or one route: what serves now, and how it stands with what is wanted. */
export interface Unit<P> {
  /** The last good plan: what the engine has loaded. */
  loaded: P | undefined;
  loadedAt: Date | undefined;
  /** What an earlier run had loaded: better than nothing, as long as nothing better was loaded. */
  spare: P | undefined;
  /** Why what is wanted now cannot be had; what is loaded goes on serving. */
  problem: Problem | undefined;
  refusal: Refusal | undefined;
  warnings: readonly PlanWarning[];
  /** Something that it is made of is still on its way from the API. */
  isWaiting: boolean;
}

export function emptyUnit<P>(): Unit<P> {
  return {
    loaded: undefined,
    loadedAt: undefined,
    spare: undefined,
    problem: undefined,
    refusal: undefined,
    warnings: [],
    isWaiting: true,
  };
}

/** Whether what serves is what is wanted. */
export function isUpToDate(unit: Unit<unknown>): boolean {
  return unit.loaded !== undefined && !unit.isWaiting && unit.problem === undefined && unit.refusal === undefined;
}

/**
 * Notes what a compilation came to, and answers the plan to load. Nothing is loaded while something is still on its way;
 * one of an earlier run, or one that is whole but out of date, only where there was never a better one.
 */
export function takeCompiled<P>(unit: Unit<P>, compiled: Compiled<P>, isWaiting: boolean): P | undefined {
  unit.isWaiting = isWaiting;
  if (isWaiting) return undefined;
  unit.problem = compiled.ok ? undefined : compiled.problem;
  unit.warnings = compiled.ok ? compiled.warnings : [];
  if (compiled.ok) return compiled.plan;
  return unit.loaded === undefined ? (unit.spare ?? compiled.fallback) : undefined;
}

/** Notes that the engine has taken `plan`, or why not. `isSame`: nobody can tell it from what was loaded. */
export function takeAnswer<P>(unit: Unit<P>, plan: P, refusal: Refusal | undefined, isSame: boolean, now: Date): void {
  unit.refusal = refusal;
  // Loaded, it is needed no more; refused, it is of no use.
  if (refusal === undefined || plan === unit.spare) unit.spare = undefined;
  if (refusal !== undefined) return;
  if (!isSame || unit.loadedAt === undefined) unit.loadedAt = now;
  unit.loaded = plan;
}
