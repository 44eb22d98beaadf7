import { parsePath } from '#edge/api';
import { workloadKind } from '#model/resources';
import type { ResourceStore } from '#control/store';
import type { Call } from '../requests/call.ts';
import { gateways } from './authorize.ts';

/**
 * Whether a node of a gateway looks for the Workloads of one Gateway, or reports into one: it may see none but those that
 * are a Gateway, and write nothing of them but their status.
 */
export async function isGrantedToGateway(store: ResourceStore, call: Call): Promise<boolean> {
  if (call.user.groups?.includes(gateways) !== true) return false;
  const place = parsePath(call.path);
  if (place.at !== 'resource' || place.namespace === undefined) return false;
  if (place.group !== workloadKind.group || place.plural !== workloadKind.plural) return false;
  const { namespace, name, subresource } = place;
  if (name === undefined) return call.method === 'GET' && isOfOneGateway(call.query);
  if (call.method !== 'PATCH' || subresource !== 'status') return false;
  const workload = await store.get({ kind: workloadKind, namespace, name });
  return workload?.spec.driver === 'gateway';
}

/** Only Workloads that name a Gateway have the field. */
function isOfOneGateway(query: URLSearchParams): boolean {
  const selectors = query.getAll('fieldSelector');
  return selectors.length === 1 && /^spec\.gatewayRef\.name==?[a-z0-9][a-z0-9.-]*$/.test(selectors[0]!);
}
