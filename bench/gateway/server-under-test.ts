import { spawn } from 'node:child_process';
import { connect, createServer, type AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';

/** A server in a process of its own, whose CPU time is measured. */
export interface ServerUnderTest {
  readonly name: string;
  readonly port: number;
  readonly pid: number;
  stop(): void;
}

/** How the program itself starts what serves TLS. */
export const servingFlags: readonly string[] = [
  `--openssl-config=${new URL('../../bin/openssl.cnf', import.meta.url).pathname}`,
];

/** Runs `file` with `input` as JSON on its standard input; it is ready when it prints its port. */
export async function startNodeServer(
  name: string,
  file: URL,
  input: unknown,
  flags: readonly string[] = [],
): Promise<ServerUnderTest> {
  const child = spawn(process.execPath, [...flags, file.pathname], { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end(JSON.stringify(input));
  for await (const line of createInterface({ input: child.stdout })) {
    return { name, port: Number(line), pid: child.pid!, stop: () => void child.kill() };
  }
  throw new Error(`${name} ended before it listened`);
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

export async function untilConnects(port: number): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    if (await connects(port)) return;
    await delay(20);
  }
  throw new Error(`nobody listens on port ${port}`);
}

function connects(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}
