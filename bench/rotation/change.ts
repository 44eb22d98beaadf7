import { setTimeout as delay } from 'node:timers/promises';
import { trustDigest } from '#model/trust';
import { trustBundleKind } from '#model/resources';
import type { TrustBundle } from '#model/resources';
import { makeCA } from '../../src/pki/x509/certificates/certificate.fixture.ts';
import type { ControlPlane } from '../../test/installation/control-plane.ts';
import { processUsage } from '../process-usage.ts';
import type { Estate } from './estate.ts';
import type { Fleet } from './fleet.ts';
import { now } from './fleet/counts.ts';
import type { TrustTimes } from './fleet/messages.ts';
import { authorityName, namespace, trustName } from './names.ts';

interface Percentiles {
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly longest: number;
}

/** Milliseconds from sending the change to the API. */
export interface ChangeFigures {
  readonly delivered: Percentiles;
  readonly proven: Percentiles;
  /** Until the status of every Workload says that all its instances have proven it; looked at twice a second. */
  readonly told: Percentiles;
}

export interface ChangeCost {
  readonly serverCpuSecondsEach: number;
  readonly instancesCpuSecondsEach: number;
  readonly handshakesEach: number;
}

/** Adds an authority to the TrustBundle that all instances have, round for round; each is a change for all of them. */
export async function measureChange(
  estate: Estate,
  { pid }: ControlPlane,
  fleet: Fleet,
  rounds: number,
): Promise<{ readonly milliseconds: ChangeFigures; readonly cost: ChangeCost }> {
  const { pairs, instancesEach } = estate.shape;
  const instances = pairs * 2 * instancesEach;
  const anchors: string[] = [];
  const all = { delivered: [] as number[], proven: [] as number[], told: [] as number[] };
  const usage = () => ({ server: processUsage(pid).cpuSeconds, fleet: fleet.cpuSeconds });
  const before = usage();
  for (let round = 1; round <= rounds; round += 1) {
    anchors.push(makeCA(`bench authority ${round}`).certificate.toPEM());
    const sources = [{ certificateRef: { name: authorityName } }, ...anchors.map((certificates) => ({ certificates }))];
    const began = now();
    await estate.put('TrustBundle', trustName, { spec: { sources } });
    const times = await untilAllHave(estate, fleet, instances, anchors.length + 1);
    await estate.untilProven();
    all.told.push(now() - began);
    for (const level of ['delivered', 'proven'] as const) all[level].push(...times[level].map((at) => at - began));
  }
  const after = usage();
  return {
    milliseconds: {
      delivered: percentiles(all.delivered),
      proven: percentiles(all.proven),
      told: percentiles(all.told),
    },
    cost: {
      serverCpuSecondsEach: (after.server - before.server) / rounds,
      instancesCpuSecondsEach: (after.fleet - before.fleet) / rounds,
      handshakesEach: instances,
    },
  };
}

async function untilAllHave({ client }: Estate, fleet: Fleet, instances: number, anchors: number): Promise<TrustTimes> {
  await delay(1000);
  for (;;) {
    const bundle = await client.get<TrustBundle>(trustBundleKind, trustName, namespace);
    const fingerprints = (bundle.status?.anchors ?? []).map(({ fingerprint }) => fingerprint);
    const times = (await fleet.tally()).trust[trustDigest(fingerprints)];
    if (fingerprints.length === anchors && times !== undefined && times.proven.length >= instances) return times;
    await delay(250);
  }
}

function percentiles(milliseconds: readonly number[]): Percentiles {
  const sorted = milliseconds.toSorted((a, b) => a - b);
  const at = (share: number): number => Number(sorted[Math.ceil(sorted.length * share) - 1]!.toFixed(1));
  return { p50: at(0.5), p90: at(0.9), p99: at(0.99), longest: at(1) };
}
