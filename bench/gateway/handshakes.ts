import { connect, createSecureContext } from 'node:tls';
import { repeatAsync, type Batch, type Contender } from '../harness.ts';
import { processUsage } from '../process-usage.ts';
import type { BenchMaterial } from './material.ts';
import type { ServerUnderTest } from './server-under-test.ts';

const concurrency = 8;

/** Full TLS 1.3 handshakes with a server, by this process; per second of the server's CPU time. */
export function handshakeContender({ name, port, pid }: ServerUnderTest, { caPEM }: BenchMaterial): Contender {
  const secureContext = createSecureContext({ ca: caPEM, minVersion: 'TLSv1.3', ecdhCurve: 'X25519' });
  const once = (): Promise<void> => handshake(port, secureContext);
  return { name, batch: (seconds) => measured(pid, () => repeatAsync(seconds, concurrency, once)) };
}

/** A batch whose time is the CPU time of another process. */
export async function measured(pid: number, run: () => Promise<Batch>): Promise<Batch> {
  const before = processUsage(pid).cpuSeconds;
  const { operations } = await run();
  return { operations, seconds: processUsage(pid).cpuSeconds - before };
}

/** One full handshake; fails when it does, or when a session was resumed. */
export function handshake(
  port: number,
  secureContext: ReturnType<typeof createSecureContext>,
  servername = 'localhost',
): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port, servername, secureContext });
    socket.on('error', reject);
    socket.on('secureConnect', () => {
      if (socket.isSessionReused()) reject(new Error('a session was resumed'));
      // In good order, or the server might never see the end of the handshake.
      socket.end();
    });
    socket.on('close', () => resolve()).resume();
  });
}
