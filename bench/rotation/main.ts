/**
 * Figures P4 and P5 and what an idle installation costs. The control plane has a process of its own, and the instances
 * have two: they watch the API, hold the real certificates in real TLS contexts, prove each by a full mutual handshake,
 * report as agents do, and call each other all the time as it is declared.
 *
 *     node bench/rotation/main.ts [--parts staged,latency,naive,change,idle] [--leaves 10000] [--instances 200]
 *         [--unproven 2000] [--latency 100] [--watchers 1000] [--each 5] [--rounds 10] [--calls 100]
 */
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { parseKubeconfig, type ClientAccess } from '#edge/api';
import { startServerProcess, temporaryDirectory } from '../control-plane/server-process.ts';
import { writeResult } from '../harness.ts';
import { measureChange } from './change.ts';
import { measureIdle } from './idle.ts';
import { Estate, type EstateShape } from './estate.ts';
import { Fleet } from './fleet.ts';
import { measureNaive } from './naive.ts';
import { measureRotation } from './rotate.ts';

const { values } = parseArgs({
  options: {
    parts: { type: 'string', default: 'staged,latency,naive,change,idle' },
    leaves: { type: 'string', default: '10000' },
    instances: { type: 'string', default: '200' },
    unproven: { type: 'string', default: '2000' },
    latency: { type: 'string', default: '100' },
    watchers: { type: 'string', default: '1000' },
    each: { type: 'string', default: '5' },
    rounds: { type: 'string', default: '10' },
    calls: { type: 'string', default: '100' },
  },
});
const maxUnproven = Number(values.unproven);
const parts = new Set(values.parts.split(','));
const [leaves, instances, latency, calls] = [values.leaves, values.instances, values.latency, values.calls].map(Number);
process.once('SIGTERM', () => process.exit(1));
const result: Record<string, unknown> = {};

const shape = { pairs: instances! / 2, instancesEach: 1, certificatesEach: leaves! / instances! };

if (parts.has('staged') || parts.has('latency')) {
  await withEstate({ ...shape, trust: 'bundle' }, async (estate, controlPlane, fleet) => {
    if (parts.has('staged'))
      tell('staged', await measureRotation(estate, controlPlane, fleet, { name: 'staged', maxUnproven }));
    fleet.setLatency(latency!);
    if (parts.has('latency'))
      tell(
        `staged, ${latency} ms to load`,
        await measureRotation(estate, controlPlane, fleet, { name: 'slow', maxUnproven }),
      );
  });
}
if (parts.has('naive')) {
  await withEstate({ ...shape, trust: 'secret' }, async (estate, _, fleet) => {
    tell('naive', await measureNaive(estate, fleet));
  });
}

/** Many services of a few instances each. */
const manyInstances: EstateShape = {
  pairs: Number(values.watchers) / (2 * Number(values.each)),
  instancesEach: Number(values.each),
  certificatesEach: 1,
  trust: 'bundle',
};

if (parts.has('change')) {
  await withEstate(manyInstances, async (estate, controlPlane, fleet) => {
    const { milliseconds, cost } = await measureChange(estate, controlPlane, fleet, Number(values.rounds));
    tell('change, milliseconds', milliseconds);
    tell('change, cost', cost);
  });
}
if (parts.has('idle')) {
  const directory = temporaryDirectory();
  const controlPlane = await startControlPlane(directory.path);
  try {
    const estate = new Estate(controlPlane.client, { ...manyInstances, files: join(directory.path, 'files') });
    mkdirSync(estate.shape.files!);
    await estate.declare();
    tell('idle', await measureIdle(estate, controlPlane, accessIn(directory.path), join(directory.path, 'agents')));
  } finally {
    await controlPlane.stop();
    directory.dispose();
  }
}

writeResult('rotation', { figure: 'P4, P5, idle', leaves, instances, callsPerSecond: calls, maxUnproven, ...result });

function tell(name: string, figures: object): void {
  console.log(`\n${name}`);
  console.table(figures);
  result[name] = figures;
}

type ServerProcess = Awaited<ReturnType<typeof startServerProcess>>;

/** Ends with this process, also when this one fails. */
async function startControlPlane(directory: string): Promise<ServerProcess> {
  const controlPlane = await startServerProcess(directory);
  process.once('exit', () => void controlPlane.kill());
  return controlPlane;
}

async function withEstate(
  estateShape: EstateShape,
  measure: (estate: Estate, controlPlane: ServerProcess, fleet: Fleet) => Promise<void>,
): Promise<void> {
  const directory = temporaryDirectory();
  const controlPlane = await startControlPlane(directory.path);
  try {
    const estate = new Estate(controlPlane.client, estateShape);
    await estate.declare();
    await using fleet = await Fleet.start(
      estate.orders(accessIn(directory.path), estateShape.instancesEach > 1 ? calls! / 5 : calls!),
    );
    await estate.untilProven(5000);
    await measure(estate, controlPlane, fleet);
  } finally {
    await controlPlane.stop();
    directory.dispose();
  }
}

function accessIn(directory: string): ClientAccess {
  const path = join(directory, 'kubeconfig');
  return { ...parseKubeconfig(readFileSync(path, 'utf8'), path), maxSockets: 8 };
}
