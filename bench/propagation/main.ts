/**
 * How long a change takes to be in force and proven: an EndpointCertificate is added through the API, and from its answer
 * on it is measured when the first request through the gateway succeeds, and when every node has reported that a full
 * handshake has proven it. The control plane has a process of its own; all nodes share this one, with the backend.
 *
 *     node bench/propagation/main.ts [--nodes 1,100] [--rounds 200]
 */
import { Agent, request } from 'node:https';
import { parseArgs } from 'node:util';
import { conditionOf } from '#model/objects';
import { writeResult } from '../harness.ts';
import { Reports } from './reports.ts';
import { World } from './world.ts';

const { values } = parseArgs({
  options: { nodes: { type: 'string', default: '1,100' }, rounds: { type: 'string', default: '200' } },
});

/** The caller stays connected: what is measured is the way to the backend. */
const agent = new Agent({ keepAlive: true });

const result: Record<string, unknown> = {};
for (const nodes of values.nodes.split(',').map(Number)) {
  const figures = await measureRounds(nodes, Number(values.rounds));
  console.log(`\n${nodes} ${nodes === 1 ? 'node' : 'nodes'}: milliseconds from the API's answer`);
  console.table(figures);
  result[`${nodes} nodes`] = figures;
}
writeResult('propagation', { figure: 'endpoint certificate to proven', ...result });

async function measureRounds(nodes: number, rounds: number): Promise<Record<string, object>> {
  await using world = await World.start();
  const port = await world.declare();
  await world.startNodes(nodes);
  const reports = new Reports(world.client);
  const [requested, proven]: [number[], number[]] = [[], []];
  await reports.until(nodes, (status) => isState(status, 'failed'));
  for (let round = 0; round < rounds; round += 1) {
    await world.trust(port);
    const start = performance.now();
    const [first, all] = await Promise.all([
      firstSuccess(world.nodes[0]!.address.port),
      reports.until(nodes, (status) => isState(status, 'proven')),
    ]);
    requested.push(first - start);
    proven.push(all - start);
    await world.distrust();
    await reports.until(nodes, (status) => isState(status, 'failed'));
  }
  reports.stop();
  return { 'first request': percentiles(requested), 'proven by all nodes': percentiles(proven) };
}

function isState(status: Parameters<Parameters<Reports['until']>[1]>[0], state: string): boolean {
  return conditionOf(status.conditions, 'Ready')?.status === 'True' && status.endpoints?.[0]?.state === state;
}

async function firstSuccess(port: number): Promise<number> {
  while ((await call(port)) !== 200);
  return performance.now();
}

function call(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port, path: '/pets', rejectUnauthorized: false, agent }, (answer) => {
      answer.resume().once('end', () => resolve(answer.statusCode ?? 0));
    })
      .once('error', reject)
      .end();
  });
}

function percentiles(milliseconds: number[]): object {
  const sorted = milliseconds.toSorted((a, b) => a - b);
  const at = (share: number): number => Number(sorted[Math.ceil(sorted.length * share) - 1]!.toFixed(1));
  return { p50: at(0.5), p90: at(0.9), p99: at(0.99), longest: at(1) };
}
