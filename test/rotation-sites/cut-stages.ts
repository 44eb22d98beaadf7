import { setTimeout as delay } from 'node:timers/promises';
import { rotationKind, type RotationStatus } from '#model/resources';
import { namespace } from '../rotation-kill/estate.ts';
import { until } from '../rotation-kill/until.ts';
import { siteNames } from './site.ts';
import { TwoSites, type Found } from './two-sites.ts';

type Stage = NonNullable<RotationStatus['stage']>;

/** One rotation, in which the link is cut when these stages are entered. */
export interface CutRound {
  readonly cuts: readonly Stage[];
  /** Goes back when this stage was entered. */
  readonly rollback?: Stage;
  /** The machine of the control plane starts anew while the link is cut. */
  readonly restarts?: boolean;
}

export interface CutOrder {
  readonly rounds: readonly CutRound[];
  /** For how long the link stays cut once it is seen to be waited for. */
  readonly seconds: number;
}

/** What became of one cut. */
export interface Cut {
  readonly stage: Stage;
  /** The end of the link that went down. */
  readonly end: string;
  /** Where the rotation waited for the other site, and where it was when the link came back. */
  readonly waitedAt: Stage;
  readonly leftAt: Stage;
  /** Sites of the instances that it waited for at the end. */
  readonly blocking: readonly string[];
  readonly seconds: number;
}

export interface CutReport extends Found {
  readonly results: readonly string[];
  readonly cuts: readonly Cut[];
}

/** Rotations of one CA in two sites whose link is cut in stage after stage. */
export async function cutStages({ rounds, seconds }: CutOrder): Promise<CutReport> {
  const sites = await TwoSites.open({ web: 'signal', api: 'signal' });
  const cuts: Cut[] = [];
  const results: string[] = [];
  for (const [at, round] of rounds.entries()) {
    results.push(await turn(sites, `turn-${at + 1}`, round, seconds, cuts));
  }
  return { ...(await sites.stop()), results, cuts };
}

async function turn(
  sites: TwoSites,
  name: string,
  { cuts: wanted, rollback, restarts }: CutRound,
  seconds: number,
  cuts: Cut[],
): Promise<string> {
  await sites.rotate(name);
  for (let generation = 0; ;) {
    const status = await sites.beyond(name, generation);
    generation = status.generation!;
    if (status.completedTime !== undefined) return status.result ?? '';
    const { stage = 'Stable' } = status;
    if (wanted.includes(stage)) cuts.push(await cutIn(sites, name, stage, cuts.length, seconds, restarts === true));
    if (stage === rollback)
      await sites.plane.client.patch(rotationKind, name, 'merge', { spec: { rollback: true } }, { namespace });
  }
}

async function cutIn(
  sites: TwoSites,
  name: string,
  stage: Stage,
  turns: number,
  seconds: number,
  restarts: boolean,
): Promise<Cut> {
  // A machine that starts anew is silent for those beyond the link: that end must not know that it is cut.
  const end = restarts ? 'north' : siteNames[turns % siteNames.length]!;
  const from = performance.now();
  await sites.cut(end);
  const waitsForSouth = async (): Promise<RotationStatus | undefined> => {
    const status = await sites.status(name);
    const instances = (status.blocking ?? []).map(({ instance }) => instance);
    return instances.length > 0 && instances.every((one) => one === 'south') ? status : undefined;
  };
  const waited = await until(`${stage}: waiting for the south alone`, 30, waitsForSouth, async () =>
    JSON.stringify(await sites.status(name)),
  );
  if (restarts) await sites.restartPlane();
  await delay(seconds * 1000);
  const left = await sites.status(name);
  await sites.mend(end);
  return {
    stage,
    end,
    waitedAt: waited.stage!,
    leftAt: left.stage!,
    blocking: [...new Set((left.blocking ?? []).map(({ instance = '' }) => instance))],
    seconds: Math.round((performance.now() - from) / 100) / 10,
  };
}
