import type { ResourceStore } from '#control/store';
import type { Draft, Json } from '#model/objects';
import { namespacedTerm, reportsIn, workloadInstanceKind, workloadInstanceName } from '#model/resources';
import type { InstanceReport, Workload, WorkloadInstance } from '#model/resources';

/** Writes a report as whoever looks after the instance does: into its WorkloadInstance, which it makes. */
export async function writeReport(
  store: ResourceStore,
  { namespace, name: workload }: { readonly namespace: string; readonly name: string },
  { name: instance, ...status }: InstanceReport,
): Promise<void> {
  const name = workloadInstanceName(workload, instance);
  const ref = { kind: workloadInstanceKind, namespace, name };
  const writer = { manager: 'instance', user: { username: 'agent' } };
  const body: Draft<WorkloadInstance> = {
    apiVersion: 'chancery.dev/v1',
    kind: 'WorkloadInstance',
    metadata: { name, namespace },
    spec: { workloadRef: { name: workload }, instance },
  };
  await store.patch(ref, { type: 'apply', body, force: true }, writer);
  // What is not reported any more is none.
  const empty = { site: null, startedTime: null, lastSeenTime: null, persists: null, materials: null };
  const patch: Json = { status: { ...empty, ...(status as { [key: string]: Json }) } };
  await store.patch(ref, { type: 'merge', body: patch }, { ...writer, subresource: 'status' });
}

/** What the instances of a Workload have reported, by their names. */
export async function reportsOf(
  { store }: { readonly store: ResourceStore },
  { metadata }: Workload,
): Promise<ReadonlyMap<string, InstanceReport>> {
  const index = { name: 'workload', value: namespacedTerm(metadata.namespace, metadata.name) };
  return reportsIn((await store.list({ kind: workloadInstanceKind }, { index })).items);
}
