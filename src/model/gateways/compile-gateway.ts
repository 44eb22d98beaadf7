import type { API, Gateway } from '#model/resources';
import { noMemo } from '#model/stores';
import type { StoreMemo } from '#model/stores';
import { compileListener } from './compile-listener.ts';
import { compileRoute } from './compile-route.ts';
import type { GatewayLookup } from './lookup.ts';
import type { Compiled, GatewayPlan, GatewayProblem, ListenerPlan, PlanWarning, RoutePlan } from './plans.ts';
import { placeOf, placeText } from './profiles.ts';
import { servesAPI } from './serving.ts';

/** Everything that the gateway does, each listener and each API compiled by itself; `apis` may hold others' too. */
export function compileGateway(
  lookup: GatewayLookup,
  gateway: Gateway,
  apis: Iterable<API>,
  now: Date,
  memo: StoreMemo = noMemo,
): GatewayPlan {
  const gathered = new Gathered();
  const listeners: ListenerPlan[] = [];
  const routes: RoutePlan[] = [];
  for (const entry of gateway.spec.sni) {
    gathered.take(listeners, compileListener(lookup, gateway, entry, now, memo), { host: entry.host });
  }
  for (const api of apis) {
    if (!servesAPI(gateway, api)) continue;
    gathered.take(routes, compileRoute(lookup, gateway, api, now, memo), { api: placeText(placeOf(api)) });
  }
  return { listeners, routes, problems: gathered.problems, warnings: gathered.warnings };
}

class Gathered {
  readonly problems: GatewayProblem[] = [];
  readonly warnings: PlanWarning[] = [];

  take<T>(plans: T[], compiled: Compiled<T>, subject: GatewayProblem['subject']): void {
    if (compiled.ok) {
      plans.push(compiled.plan);
      this.warnings.push(...compiled.warnings);
    } else {
      this.problems.push({ subject, problem: compiled.problem });
    }
  }
}
