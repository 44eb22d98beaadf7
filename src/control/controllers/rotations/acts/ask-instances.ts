import { isCoded } from '#errors';
import { formatTimestamp } from '#model/objects';
import type { InstanceOrders, Workload } from '#model/resources';
import type { InstanceName } from '#model/rotation';
import { updateStatus } from '../../certificates/planned-writes.ts';
import type { LoopContext } from '../../context.ts';
import { placeOf } from '../../queue-loop.ts';
import type { Gathered } from '../gather.ts';
import { fence } from './act.ts';

const attempts = 5;

type Request = InstanceName & { readonly key?: string };
type Asked = Omit<InstanceOrders, 'name'>;

/** Asks instances to restart, or to forget their sessions, in the status of their Workload. */
export async function askInstances(
  context: LoopContext,
  gathered: Gathered,
  what: keyof Asked,
  requests: readonly Request[],
): Promise<boolean> {
  let wrote = false;
  for (const [workload, asked] of Map.groupBy(requests, (one) => one.workload)) {
    wrote = (await askWorkload(context, gathered, workload, what, asked)) || wrote;
  }
  return wrote;
}

async function askWorkload(
  context: LoopContext,
  { rotation }: Gathered,
  place: string,
  what: keyof Asked,
  requests: readonly Request[],
): Promise<boolean> {
  const { store, kinds, clock } = context;
  const order = { generation: rotation.status?.generation ?? 0, at: formatTimestamp(clock.now()) };
  const orders = new Map(
    requests.map(({ instance, key }): [string, Asked] => [
      instance,
      { [what]: { ...order, ...(key === undefined ? {} : { key }) } },
    ]),
  );
  for (let attempt = 1; ; attempt += 1) {
    const workload = await store.get({ kind: kinds.workload, ...placeOf(place) });
    if (workload === undefined) return false;
    try {
      await store.sequence([fence(context, rotation), updateStatus(kinds.workload, asking(workload, orders))]);
      return true;
    } catch (error) {
      // What its instances shall have is written at any time.
      if (!isCoded(error, 'conflict') || attempt >= attempts) throw error;
    }
  }
}

function asking(workload: Workload, orders: ReadonlyMap<string, Asked>): Workload {
  const before = new Map((workload.status?.asked ?? []).map((one) => [one.name, one]));
  const asked = [...new Set([...before.keys(), ...orders.keys()])].map((name) =>
    Object.assign({ name }, before.get(name), orders.get(name)),
  );
  return { ...workload, status: { ...workload.status, asked } };
}
