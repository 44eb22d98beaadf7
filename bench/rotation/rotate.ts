import { rotationKind } from '#model/resources';
import type { Rotation } from '#model/resources';
import type { ApiClient } from '#edge/api';
import type { ControlPlane } from '../../test/installation/control-plane.ts';
import { processUsage } from '../process-usage.ts';
import type { Estate } from './estate.ts';
import type { Fleet } from './fleet.ts';
import { now } from './fleet/counts.ts';
import type { Tally } from './fleet/messages.ts';
import { authorityName, namespace } from './names.ts';

/** A moment with what was used and counted until then. */
interface Moment {
  readonly at: number;
  readonly serverCpu: number;
  readonly fleetCpu: number;
  readonly tally: Tally;
  readonly revision: number;
}

export interface RotationFigures {
  /** From stage Issue on, until the last certificate was shown and accepted in a handshake. */
  readonly secondsToLastProof: number;
  /** The same until the control plane has seen all proofs and ends stage Drain. */
  readonly secondsToAllProven: number;
  readonly secondsWhole: number;
  readonly serverCpuSeconds: number;
  readonly instancesCpuSeconds: number;
  readonly certificatesProven: number;
  readonly reports: number;
  /** Revisions of the store. */
  readonly writes: number;
  readonly proofsFailed: number;
  readonly backgroundHandshakes: number;
  readonly backgroundFailed: number;
  readonly serverResidentMiB: number;
  readonly [stage: `seconds in ${string}`]: number;
}

/** Rotates the CA in stages, and measures it from outside. */
export async function measureRotation(
  { client }: Estate,
  { pid }: ControlPlane,
  fleet: Fleet,
  { name, maxUnproven }: { readonly name: string; readonly maxUnproven: number },
): Promise<RotationFigures> {
  const look = async (revision = 0): Promise<Moment> => ({
    revision,
    at: now(),
    serverCpu: processUsage(pid).cpuSeconds,
    fleetCpu: fleet.cpuSeconds,
    tally: await fleet.tally(),
  });
  const moments = new Map<string, Moment>([['begin', await look()]]);
  const rotation = await client.create<Rotation>(rotationKind, {
    apiVersion: 'chancery.dev/v1',
    kind: 'Rotation',
    metadata: { name, namespace },
    spec: { certificateRef: { name: authorityName }, maxUnproven },
  });
  await followStages(client, rotation, async (stage, revision) => void moments.set(stage, await look(revision)));
  const [begin, issue, distrust, end] = ['begin', 'Issue', 'Distrust', 'Stable'].map((one) => moments.get(one)!);
  return {
    ...between(issue!, distrust!),
    secondsToLastProof: round((distrust!.tally.lastIdentityProof - issue!.at) / 1000),
    secondsWhole: secondsOf(begin!, end!),
    proofsFailed: end!.tally.failedProofs - begin!.tally.failedProofs,
    backgroundHandshakes: end!.tally.made - begin!.tally.made,
    backgroundFailed: end!.tally.failed - begin!.tally.failed,
    serverResidentMiB: Math.round(processUsage(pid).residentMiB),
    ...stageSeconds(moments),
  };
}

const between = (from: Moment, to: Moment) => ({
  secondsToAllProven: secondsOf(from, to),
  serverCpuSeconds: round(to.serverCpu - from.serverCpu),
  instancesCpuSeconds: round(to.fleetCpu - from.fleetCpu),
  certificatesProven: to.tally.identityProofs - from.tally.identityProofs,
  reports: to.tally.reports - from.tally.reports,
  writes: to.revision - from.revision,
});

const round = (seconds: number): number => Number(seconds.toFixed(2));
const secondsOf = (from: Moment, to: Moment): number => round((to.at - from.at) / 1000);

function stageSeconds(moments: ReadonlyMap<string, Moment>): Record<`seconds in ${string}`, number> {
  const stages = [...moments].filter(([stage]) => stage !== 'begin');
  return Object.fromEntries(
    stages.slice(0, -1).map(([stage, moment], at) => [`seconds in ${stage}`, secondsOf(moment, stages[at + 1]![1])]),
  );
}

/** Tells of every stage when it begins; the last is Stable. */
async function followStages(
  client: ApiClient,
  { metadata: { name, resourceVersion } }: Rotation,
  onStage: (stage: string, revision: number) => Promise<void>,
): Promise<void> {
  const ending = new AbortController();
  const selection = { namespace, fieldSelector: `metadata.name=${name}`, resourceVersion, signal: ending.signal };
  let last: string | undefined;
  for await (const { object } of client.watch<Rotation>(rotationKind, selection)) {
    const { stage, blocking } = object.status ?? {};
    if (process.env['BENCH_VERBOSE'])
      console.log(Number(process.hrtime.bigint()) / 1e9, stage, object.status?.leaves, blocking?.[0]?.message);
    if (stage !== undefined && stage !== last) await onStage((last = stage), Number(object.metadata.resourceVersion));
    if (object.status?.completedTime !== undefined) ending.abort();
  }
}
