import { compileListener, compileRoute, servesAPI } from '#model/gateways';
import { createStoreMemo } from '#model/stores';
import type { PlanCompiler } from './source.ts';

/** For what many share. What one host has alone is read again when that host changes, and not kept when it is replaced. */
const remembered = 1000;

/** Compiles by the rules of `#model/gateways`, reading bytes that many share only once. */
export function createCompiler(): PlanCompiler {
  const memo = createStoreMemo(remembered);
  return {
    listener: (lookup, gateway, entry, now) => compileListener(lookup, gateway, entry, now, memo),
    route: (lookup, gateway, api, now) => compileRoute(lookup, gateway, api, now, memo),
    serves: servesAPI,
  };
}
