import {
  certificates,
  declareCertificates,
  declareIssuer,
  untilAllReady,
  untilReady,
  type KeyChoice,
} from './declarations.ts';
import { processUsage } from '../process-usage.ts';
import { startServerProcess, temporaryDirectory } from './server-process.ts';

export interface IssuingFigures {
  readonly count: number;
  readonly certificatesPerSecond: number;
  readonly createsPerSecond: number;
  readonly firstReadyMilliseconds: number;
  readonly serverCpuMicrosecondsEach: number;
  readonly residentMiBBefore: number;
  readonly residentMiBAfter: number;
  readonly restartMilliseconds: number;
  readonly idleCpuPercent: number;
}

const concurrency = 64;
const idleMilliseconds = 10_000;

/** Declares `count` certificates through the API of a fresh server, waits until all are Ready, restarts it, and lets it idle. */
export async function measureIssuing(count: number, key: KeyChoice): Promise<IssuingFigures> {
  const directory = temporaryDirectory();
  try {
    const issued = await issueAll(directory.path, count, key);
    return { ...issued, ...(await restart(directory.path)) };
  } finally {
    directory.dispose();
  }
}

async function issueAll(
  directory: string,
  count: number,
  key: KeyChoice,
): Promise<Omit<IssuingFigures, 'restartMilliseconds' | 'idleCpuPercent'>> {
  const server = await startServerProcess(directory);
  try {
    await declareIssuer(server.client);
    const before = processUsage(server.pid);
    const startedAt = performance.now();
    const first = untilReadyOnce(server.client, 'bench-1').then(() => performance.now() - startedAt);
    await declareCertificates(server.client, key, 1, count, concurrency);
    const declaredSeconds = (performance.now() - startedAt) / 1000;
    await untilAllReady(server.client, [`bench-${count}`]);
    const seconds = (performance.now() - startedAt) / 1000;
    const after = processUsage(server.pid);
    return {
      count,
      certificatesPerSecond: count / seconds,
      createsPerSecond: count / declaredSeconds,
      firstReadyMilliseconds: await first,
      serverCpuMicrosecondsEach: ((after.cpuSeconds - before.cpuSeconds) / count) * 1e6,
      residentMiBBefore: before.residentMiB,
      residentMiBAfter: after.residentMiB,
    };
  } finally {
    await server.stop();
  }
}

async function untilReadyOnce(client: Parameters<typeof untilReady>[0], name: string): Promise<void> {
  for (;;) {
    const found = await client.list(certificates, { namespace: 'default', fieldSelector: `metadata.name=${name}` });
    if (found.items.length > 0) return untilReady(client, name);
  }
}

async function restart(directory: string): Promise<Pick<IssuingFigures, 'restartMilliseconds' | 'idleCpuPercent'>> {
  const server = await startServerProcess(directory);
  try {
    await new Promise((resolve) => setTimeout(resolve, idleMilliseconds / 2));
    const before = processUsage(server.pid);
    await new Promise((resolve) => setTimeout(resolve, idleMilliseconds));
    const after = processUsage(server.pid);
    const idleCpuPercent = ((after.cpuSeconds - before.cpuSeconds) / (idleMilliseconds / 1000)) * 100;
    return { restartMilliseconds: server.readyMilliseconds, idleCpuPercent };
  } finally {
    await server.stop();
  }
}
