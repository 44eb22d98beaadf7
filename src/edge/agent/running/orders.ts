import type { InstanceReport, Workload } from '#model/resources';

/** What of a Rotation's requests the instance has done already. */
export interface Answered {
  readonly restart?: string | undefined;
  readonly flush?: string | undefined;
}

type Asked = NonNullable<InstanceReport['asked']>;

/** Stands for one request. */
function keyOf(order: Asked['restart']): string | undefined {
  return order === undefined ? undefined : `${order.key ?? ''} ${order.generation} ${order.at}`;
}

const reportOf = ({ status }: Workload, instance: string): InstanceReport | undefined =>
  status?.instances?.find(({ name }) => name === instance);

/** The request to forget sessions that the instance has not answered yet. */
export function flushAsked(workload: Workload, instance: string, answered: Answered): string | undefined {
  const key = keyOf(reportOf(workload, instance)?.asked?.flush);
  return key === answered.flush ? undefined : key;
}

/** As long as a Rotation may take between two requests to one Workload. */
const orderMilliseconds = 15 * 60_000;
/** A Rotation that wants to say who comes first has so long for it. */
const graceMilliseconds = 10_000;
/** Who has not given a sign of life for so long is not waited for. */
const silentMilliseconds = 120_000;

/**
 * Whether it is this instance's turn to restart: when a Rotation asks for it. Where none has asked any instance of the
 * Workload for a while, it is a leaf that was renewed: then the instances go one after the other, in the order of their
 * names. Answers what the turn answers; an empty text when nobody asked.
 */
export function restartTurn(workload: Workload, instance: string, answered: Answered, now: Date): string | undefined {
  const key = keyOf(reportOf(workload, instance)?.asked?.restart);
  if (key !== undefined && key !== answered.restart) return key;
  const reports = workload.status?.instances ?? [];
  if (reports.some(({ asked }) => isWithin(asked?.restart?.at, orderMilliseconds, now))) return undefined;
  const own = reportOf(workload, instance);
  const isFresh = (own?.materials ?? []).some(({ persisted }) => isWithin(persisted?.at, graceMilliseconds, now));
  const isFirst = reports.every((other) => other.name >= instance || !isBehind(other, now));
  return own !== undefined && !isFresh && isFirst ? '' : undefined;
}

function isWithin(at: string | undefined, milliseconds: number, now: Date): boolean {
  return at !== undefined && now.getTime() - new Date(at).getTime() < milliseconds;
}

/** Lives, and has not loaded all that it shall have. */
function isBehind({ materials = [], lastSeenTime }: InstanceReport, now: Date): boolean {
  if (!isWithin(lastSeenTime, silentMilliseconds, now)) return false;
  return materials.some(({ desired, loaded }) => desired !== undefined && desired.digest !== loaded?.digest);
}
