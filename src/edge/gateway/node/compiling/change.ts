import type { GatewayChange, RefusedPart } from '../../gateway.ts';

export function isEmptyChange(change: GatewayChange): boolean {
  return Object.values(change).every((parts: readonly unknown[]) => parts.length === 0);
}

/** The part of a change that the engine has taken. */
export function withoutRefused(change: GatewayChange, refused: readonly RefusedPart[]): GatewayChange {
  if (refused.length === 0) return change;
  const ids = new Set(refused.map(({ subject }) => subjectId(subject)));
  return {
    ...change,
    listeners: (change.listeners ?? []).filter((plan) => !ids.has(subjectId(plan))),
    routes: (change.routes ?? []).filter((plan) => !ids.has(subjectId(plan))),
  };
}

/** One listener or one route among all. */
export function subjectId(subject: { readonly host: string } | { readonly api: string }): string {
  return 'host' in subject ? `host ${subject.host}` : `api ${subject.api}`;
}
