import type { InstanceOrders, InstanceReport, MaterialMark, WantedMaterial, Workload } from '#model/resources';
import { ackLevels } from '#model/rotation';
import type { Ack, AckLevel, InstanceState, MaterialState } from '#model/rotation';
import type { KnownWorkload } from './workload-registry.ts';

/** A certificate or a set of trusted ones, as it is now. */
export interface Current {
  readonly content: string;
  readonly generation: number;
}

/** What is at a place now; undefined where the Rotation has nothing to do with it. */
export type CurrentAt = (place: string) => Current | undefined;

/**
 * The instances of a Workload: those declared, and those that joined by themselves. An external one whose instances
 * nobody declared stands for itself.
 */
export function instanceStates(
  key: string,
  { workload, reports, places }: KnownWorkload,
  currentAt: CurrentAt,
  since: Date | undefined,
): InstanceState[] {
  const { spec, status } = workload;
  const orders = new Map((status?.asked ?? []).map((one) => [one.name, one]));
  const declared = new Map((spec.instances ?? []).map((one) => [one.name, one]));
  const names = [...new Set([...declared.keys(), ...reports.keys()])];
  const entries = entriesOf(workload, places, currentAt);
  const external = spec.external === true;
  if (external && names.length === 0) names.push('external');
  return names.map((name) => {
    const report = reports.get(name);
    const site = declared.get(name)?.site ?? report?.site ?? spec.site;
    return {
      workload: key,
      name,
      site,
      serving: declared.get(name)?.quarantined !== true,
      external,
      startedTime: dateIn(report?.startedTime),
      lastSeenTime: dateIn(report?.lastSeenTime),
      canPersist: report?.persists,
      restarts: spec.reload?.type === 'restart',
      asked: askedIn(orders.get(name), since),
      materials: materialStates(entries, report),
    };
  });
}

const dateIn = (text: string | undefined): Date | undefined => (text === undefined ? undefined : new Date(text));

/** Another Rotation counts its generations too: what was asked before this stage began was not asked by it. */
function askedIn(orders: InstanceOrders | undefined, since: Date | undefined): InstanceState['asked'] {
  const { restart, flush } = orders ?? {};
  const isOurs = (at: string): boolean => since !== undefined && new Date(at) >= since;
  return {
    restart: restart && { key: restart.key ?? '', at: new Date(restart.at) },
    flush: flush && isOurs(flush.at) ? { generation: flush.generation } : undefined,
  };
}

/** What of the Workload the Rotation has to do with, and by how much its generations are counted ahead. */
interface Entry {
  readonly name: string;
  readonly kind: 'identity' | 'trust';
  readonly of: string;
  readonly lead: number;
}

function entriesOf({ spec, status }: Workload, places: KnownWorkload['places'], currentAt: CurrentAt): Entry[] {
  const wanted = new Map((status?.materials ?? []).map((one) => [keyOf(one), one]));
  const entries = [
    ...(spec.presents ?? []).map(({ name }) => ({ name, kind: 'identity' }) as const),
    ...(spec.trusts ?? []).map(({ name }) => ({ name, kind: 'trust' }) as const),
  ];
  return entries.flatMap(({ name, kind }) => {
    const of = places.get(name);
    const current = of === undefined ? undefined : currentAt(of);
    if (of === undefined || current === undefined) return [];
    return [{ name, kind, of, lead: generationLead(wanted.get(keyOf({ name, kind })), kind, current) }];
  });
}

function materialStates(entries: readonly Entry[], report: InstanceReport | undefined): MaterialState[] {
  const all = new Map((report?.materials ?? []).map((one) => [keyOf(one), one]));
  return entries.map(({ name, kind, of, lead }) => {
    const said = all.get(keyOf({ name, kind }));
    const acks: Partial<Record<AckLevel, Ack>> = {};
    for (const level of ackLevels) {
      const mark = said?.[level];
      if (mark !== undefined) acks[level] = ackOf(mark, kind, lead);
    }
    return { name, kind, of, acks, message: said?.message };
  });
}

const keyOf = ({ name, kind }: Pick<WantedMaterial, 'name' | 'kind'>): string => `${kind} ${name}`;

/**
 * A Workload counts the generations of its materials itself: how far it is ahead of the count of the certificate or of
 * the bundle. Of a bundle it is never behind but when it has not looked yet; then nothing that was reported counts.
 */
function generationLead(wanted: WantedMaterial | undefined, kind: 'identity' | 'trust', current: Current): number {
  if (wanted === undefined) return 0;
  const lead = wanted.generation - current.generation;
  return kind === 'trust' ? Math.max(0, lead) : lead;
}

function ackOf({ fingerprint, digest, generation, at }: MaterialMark, kind: 'identity' | 'trust', lead: number): Ack {
  const content = (kind === 'identity' ? fingerprint : digest) ?? '';
  return { content, generation: generation - lead, at: new Date(at) };
}
