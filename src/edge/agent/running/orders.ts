import type { InstanceOrders, MaterialReport, Workload } from '#model/resources';

/** What of a Rotation's requests the instance has done already. */
export interface Answered {
  readonly restart?: string | undefined;
  readonly flush?: string | undefined;
}

/** Stands for one request. */
function keyOf(order: InstanceOrders['restart']): string | undefined {
  return order === undefined ? undefined : `${order.key ?? ''} ${order.generation} ${order.at}`;
}

const ordersOf = ({ status }: Workload, instance: string): InstanceOrders | undefined =>
  status?.asked?.find(({ name }) => name === instance);

/** The request to forget sessions that the instance has not answered yet. */
export function flushAsked(workload: Workload, instance: string, answered: Answered): string | undefined {
  const key = keyOf(ordersOf(workload, instance)?.flush);
  return key === answered.flush ? undefined : key;
}

/** As long as a Rotation may take between two requests to one Workload. */
const orderMilliseconds = 15 * 60_000;
/** A Rotation that wants to say who comes first has so long for it. */
const graceMilliseconds = 10_000;

/** An instance and what it has, as it knows itself. */
export interface OwnReports {
  readonly instance: string;
  readonly materials: readonly MaterialReport[];
}

/**
 * Whether it is this instance's turn to restart: when a Rotation asks for it. Where none has asked any instance of the
 * Workload for a while, it is a leaf that was renewed: then those that live and are behind go one after the other, in the
 * order of their names. Answers what the turn answers; an empty text when nobody asked.
 */
export function restartTurn(
  workload: Workload,
  { instance, materials }: OwnReports,
  answered: Answered,
  now: Date,
): string | undefined {
  const key = keyOf(ordersOf(workload, instance)?.restart);
  if (key !== undefined && key !== answered.restart) return key;
  const { asked = [], behind = [] } = workload.status ?? {};
  if (asked.some(({ restart }) => isWithin(restart?.at, orderMilliseconds, now))) return undefined;
  const isFresh = materials.some(({ persisted }) => isWithin(persisted?.at, graceMilliseconds, now));
  return behind.toSorted()[0] === instance && !isFresh ? '' : undefined;
}

function isWithin(at: string | undefined, milliseconds: number, now: Date): boolean {
  return at !== undefined && now.getTime() - new Date(at).getTime() < milliseconds;
}
