import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { createSecureContext } from 'node:tls';
import { repeatAsync } from '../harness.ts';
import { processUsage } from '../process-usage.ts';
import { handshake } from './handshakes.ts';
import { servingFlags } from './server-under-test.ts';

export interface HostFigures {
  readonly hosts: number;
  readonly readySeconds: number;
  readonly kibibytesPerHost: number;
  readonly kibibytesPerHostAfterwards: number;
  readonly handshakesPerSecond: number;
  readonly handshakesPerCpuSecond: number;
  readonly replacements: number;
  /** With one host replaced every 10 ms. */
  readonly handshakesWhileReplacing: number;
  readonly failedWhileReplacing: number;
}

const everyMilliseconds = 10;
const seconds = 10;

/** Handshakes with random ones of many SNI hosts, first in quiet, then with one host replaced every 10 ms. */
export async function measureHosts(hosts: number): Promise<HostFigures> {
  const startedAt = performance.now();
  const program = new URL('./hosts-process.ts', import.meta.url).pathname;
  const child = spawn(process.execPath, [...servingFlags, program, `${hosts}`, `${everyMilliseconds}`], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  try {
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const next = async <T>(): Promise<T> => JSON.parse((await lines.next()).value as string) as T;
    const ask = (): Promise<{ bytesPerHost: number; replaced: number }> => (child.stdin.write('?\n'), next());
    const { port, ca } = await next<{ port: number; ca: string }>();
    const readySeconds = (performance.now() - startedAt) / 1000;
    const loaded = await ask();
    const secureContext = createSecureContext({ ca, minVersion: 'TLSv1.3', ecdhCurve: 'X25519' });
    const load = await underLoad(child.pid!, () => randomHandshake(hosts, port, secureContext));
    child.stdin.write('replace\n');
    const replacing = await underLoad(child.pid!, () => randomHandshake(hosts, port, secureContext));
    const after = await ask();
    return {
      hosts,
      readySeconds,
      kibibytesPerHost: loaded.bytesPerHost / 1024,
      kibibytesPerHostAfterwards: after.bytesPerHost / 1024,
      handshakesPerSecond: load.operations / seconds,
      handshakesPerCpuSecond: load.operations / load.cpuSeconds,
      replacements: after.replaced,
      handshakesWhileReplacing: replacing.operations,
      failedWhileReplacing: replacing.failed,
    };
  } finally {
    child.kill();
  }
}

function randomHandshake(hosts: number, port: number, context: ReturnType<typeof createSecureContext>): Promise<void> {
  return handshake(port, context, `host-${Math.floor(Math.random() * hosts)}.example.com`);
}

async function underLoad(pid: number, once: () => Promise<void>) {
  const before = processUsage(pid).cpuSeconds;
  let failed = 0;
  const { operations } = await repeatAsync(seconds, 8, () => once().catch(() => void (failed += 1)));
  return { operations, failed, cpuSeconds: processUsage(pid).cpuSeconds - before };
}
