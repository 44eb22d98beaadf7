import { collectionPath, mediaTypes, type ApiClient } from '#edge/api';
import type { Draft } from '#model/objects';
import { certificates, declareCertificates, declareIssuer, untilAllReady } from './declarations.ts';
import { startServerProcess, temporaryDirectory } from './server-process.ts';

export interface ReadingFigures {
  readonly getMedianMilliseconds: number;
  readonly getP99Milliseconds: number;
  readonly getsPerSecond: number;
  readonly listJsonMilliseconds: number;
  readonly listTableMilliseconds: number;
  readonly watchers: number;
  readonly changes: number;
  readonly watchSeconds: number;
  readonly deliveriesPerSecond: number;
}

const objects = 10_000;
const gets = 20_000;
const watchers = 1_000;
const changes = 1_000;

/** Reads from a server that holds 10,000 Ready certificates; then 1,000 watchers follow 1,000 changes. */
export async function measureReading(): Promise<ReadingFigures> {
  const directory = temporaryDirectory();
  const server = await startServerProcess(directory.path);
  try {
    await declareIssuer(server.client);
    await declareCertificates(server.client, { algorithm: 'ECDSA', size: 256 }, 1, objects, 64);
    await untilAllReady(server.client, [`bench-${objects}`]);
    const path = collectionPath(certificates, 'default');
    return {
      ...(await measureGets(server.client, path)),
      listJsonMilliseconds: await timeList(server.client, path, mediaTypes.json),
      listTableMilliseconds: await timeList(server.client, path, mediaTypes.table),
      ...(await measureWatchers(server.client)),
    };
  } finally {
    await server.stop();
    directory.dispose();
  }
}

async function measureGets(
  client: ApiClient,
  path: string,
): Promise<Pick<ReadingFigures, 'getMedianMilliseconds' | 'getP99Milliseconds' | 'getsPerSecond'>> {
  const times: number[] = [];
  const startedAt = performance.now();
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next++ < gets) {
      const at = performance.now();
      await client.text({ method: 'GET', path: `${path}/bench-${1 + ((next * 7919) % objects)}` });
      times.push(performance.now() - at);
    }
  };
  await Promise.all(Array.from({ length: 4 }, worker));
  times.sort((a, b) => a - b);
  return {
    getMedianMilliseconds: times[Math.floor(times.length / 2)]!,
    getP99Milliseconds: times[Math.floor(times.length * 0.99)]!,
    getsPerSecond: (gets / (performance.now() - startedAt)) * 1000,
  };
}

const rounds = 5;

/** Median time of the whole list in one answer. */
async function timeList(client: ApiClient, path: string, accept: string): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const at = performance.now();
    await client.text({ method: 'GET', path, accept });
    times.push(performance.now() - at);
  }
  return times.toSorted((a, b) => a - b)[Math.floor(rounds / 2)]!;
}

const configMaps = { group: '', version: 'v1', plural: 'configmaps', namespaced: true };

async function measureWatchers(
  client: ApiClient,
): Promise<Pick<ReadingFigures, 'watchers' | 'changes' | 'watchSeconds' | 'deliveriesPerSecond'>> {
  const { metadata } = await client.list(configMaps, { namespace: 'default' });
  const opened = Array.from({ length: watchers }, () => followInOrder(client, metadata.resourceVersion));
  const startedAt = performance.now();
  for (let index = 0; index < changes; index += 1) await client.create(configMaps, configMap(index));
  await Promise.all(opened);
  const watchSeconds = (performance.now() - startedAt) / 1000;
  return { watchers, changes, watchSeconds, deliveriesPerSecond: (watchers * changes) / watchSeconds };
}

function configMap(index: number): Draft {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: `change-${index}`, namespace: 'default' } };
}

/** Follows until it has seen every change; throws when one is missing or out of order. */
async function followInOrder(client: ApiClient, resourceVersion: string): Promise<void> {
  let expected = 0;
  for await (const { type, object } of client.watch(configMaps, { namespace: 'default', resourceVersion })) {
    if (type !== 'ADDED' || !object.metadata.name.startsWith('change-')) continue;
    if (object.metadata.name !== `change-${expected}`)
      throw new Error(`expected change-${expected}, saw ${object.metadata.name}`);
    expected += 1;
    if (expected === changes) return;
  }
  throw new Error('the watch ended early');
}
