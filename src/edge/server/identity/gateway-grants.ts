import { parsePath } from '#edge/api';
import { workloadInName, workloadInstanceKind, workloadKind } from '#model/resources';
import type { ResourceStore } from '#control/store';
import type { Call } from '../requests/call.ts';
import { gateways } from './authorize.ts';

/**
 * Whether a node of a gateway looks for the Workloads of one Gateway, or tells what it has as an instance of one: it may
 * see none but those that are a Gateway, and write nothing but their instances.
 */
export async function isGrantedToGateway(store: ResourceStore, call: Call): Promise<boolean> {
  if (call.user.groups?.includes(gateways) !== true) return false;
  const place = parsePath(call.path);
  if (place.at !== 'resource' || place.namespace === undefined || place.group !== workloadKind.group) return false;
  const { namespace, name, plural } = place;
  if (plural === workloadKind.plural) {
    return name === undefined && call.method === 'GET' && isOfOneGateway(call.query);
  }
  if (plural !== workloadInstanceKind.plural || name === undefined || !writing.has(call.method)) return false;
  const workload = await store.get({ kind: workloadKind, namespace, name: workloadInName(name) });
  return workload?.spec.driver === 'gateway';
}

const writing: ReadonlySet<string> = new Set(['PATCH', 'DELETE']);

/** Only Workloads that name a Gateway have the field. */
function isOfOneGateway(query: URLSearchParams): boolean {
  const selectors = query.getAll('fieldSelector');
  return selectors.length === 1 && /^spec\.gatewayRef\.name==?[a-z0-9][a-z0-9.-]*$/.test(selectors[0]!);
}
