import { conditionOf, setCondition } from '#model/objects';
import type { ConditionUpdate } from '#model/objects';
import type { API, Gateway, TLSClientProfile } from '#model/resources';
import { servesAPI, takenProblem } from '#model/gateways';
import { objectTerm } from '#model/stores';
import type { ObjectPlace } from '#model/stores';

/** A profile that an API names, and what was found under the name. */
export interface NamedProfile {
  readonly place: ObjectPlace;
  readonly object: TLSClientProfile | undefined;
}

export interface APISurroundings {
  readonly gateways: readonly Gateway[];
  readonly profiles: readonly NamedProfile[];
  /** The APIs with the same base path. */
  readonly rivals: readonly API[];
}

/** The status that the API shall have. */
export function apiStatus(api: API, surroundings: APISurroundings, now: Date): NonNullable<API['status']> {
  const { metadata, status } = api;
  const generation = metadata.generation === undefined ? {} : { observedGeneration: metadata.generation };
  const conditions = setCondition(status?.conditions, { ...readiness(api, surroundings), ...generation }, now);
  return { ...generation, conditions: [...conditions] };
}

function readiness(api: API, { gateways, profiles, rivals }: APISurroundings): ConditionUpdate {
  const chosen = gateways.filter((gateway) => servesAPI(gateway, api));
  if (chosen.length === 0) return notReady('NoGateway', 'no Gateway serves it');
  const serving = chosen.filter((gateway) => api.spec.endpoints[calledBy(gateway)] !== undefined);
  if (serving.length === 0) {
    return notReady('EndpointMissing', `it has no ${calledBy(chosen[0]!)} endpoint, which ${termOf(chosen[0]!)} calls`);
  }
  for (const gateway of serving) {
    const problem = takenProblem({ apisAt: () => rivals }, gateway, api);
    if (problem !== undefined) return notReady(problem.reason, `${problem.message}. ${problem.hint ?? ''}`.trim());
  }
  const flaw = profiles.map(flawOf).find((one) => one !== undefined);
  if (flaw !== undefined) return flaw;
  return { type: 'Ready', status: 'True', reason: 'Served', message: `served by ${namesOf(serving)}` };
}

function calledBy({ spec }: Gateway): 'production' | 'sandbox' {
  return spec.endpoints ?? 'production';
}

function flawOf({ place, object }: NamedProfile): ConditionUpdate | undefined {
  const term = objectTerm('TLSClientProfile', place.namespace, place.name);
  if (object === undefined) return notReady('ProfileNotFound', `${term} does not exist`);
  const ready = conditionOf(object.status?.conditions, 'Ready');
  if (ready?.status === 'True') return undefined;
  return notReady('ProfileNotReady', `${term} is not ready: ${ready?.message ?? 'it has not been looked at yet'}`);
}

function notReady(reason: string, message: string): ConditionUpdate {
  return { type: 'Ready', status: 'False', reason, message };
}

const mostNamed = 5;

function namesOf(gateways: readonly Gateway[]): string {
  const named = gateways.slice(0, mostNamed).map(termOf).join(', ');
  return gateways.length <= mostNamed ? named : `${named} and ${gateways.length - mostNamed} more`;
}

function termOf({ metadata }: Gateway): string {
  return objectTerm('Gateway', metadata.namespace, metadata.name);
}
