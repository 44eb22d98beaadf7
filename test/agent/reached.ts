import type { ApiClient } from '#edge/api';
import { reportsOf } from './reports.ts';
import type { Certificate, Workload } from '#model/resources';

/** Whether the certificate has been issued. */
export const isReady = ({ status }: Certificate): boolean =>
  (status?.conditions ?? []).some(({ type, status: value }) => type === 'Ready' && value === 'True');

/** Whether the first instance has reached `level` with all that it shall have. */
export async function hasReached(
  client: ApiClient,
  { metadata, spec }: Workload,
  level: 'persisted' | 'proven',
): Promise<boolean> {
  const [report] = (await reportsOf(client, metadata.namespace ?? '', metadata.name)).values();
  const { materials = [] } = report ?? {};
  const wanted = (spec.presents?.length ?? 0) + (spec.trusts?.length ?? 0);
  const reached = materials.filter((one) => one[level] !== undefined && one[level].digest === one.desired?.digest);
  return reached.length === wanted;
}
