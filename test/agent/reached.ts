import type { ApiClient } from '#edge/api';
import type { Certificate, Workload } from '#model/resources';
import { reportsOf } from './reports.ts';

/** Whether the certificate has been issued. */
export const isReady = ({ status }: Certificate): boolean =>
  (status?.conditions ?? []).some(({ type, status: value }) => type === 'Ready' && value === 'True');

/** Whether every declared instance has reached `level` with all that it shall have. */
export async function hasReached(
  client: ApiClient,
  { metadata, spec }: Workload,
  level: 'persisted' | 'proven' | 'exclusive',
): Promise<boolean> {
  const reports = await reportsOf(client, metadata.namespace ?? '', metadata.name);
  const wanted = (spec.presents?.length ?? 0) + (spec.trusts?.length ?? 0);
  return (spec.instances ?? []).every(({ name }) => {
    const { materials = [] } = reports.get(name) ?? {};
    const reached = materials.filter((one) => one[level] !== undefined && one[level].digest === one.desired?.digest);
    return reached.length === wanted;
  });
}
