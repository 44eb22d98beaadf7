import { execFileSync, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { KeySpec } from '#pki/x509';
import { findPeer } from '../../test/peers/peer.ts';
import type { Contender } from '../harness.ts';
import { repeatAsync } from '../harness.ts';
import { wanted } from './cases.ts';

/** A running `cfssl serve`; `stop` ends it and removes its files. */
export interface CfsslServer {
  readonly contender: Contender;
  stop(): void;
}

const agent = new Agent({ keepAlive: true, maxSockets: 8 });

/**
 * cfssl behind its HTTP API, key, request and certificate by its `newcert`; per second of its own CPU time. Undefined when
 * it is not installed or does not know the kind of key.
 */
export async function startCfssl(spec: KeySpec): Promise<CfsslServer | undefined> {
  const program = findPeer('cfssl');
  if (program === undefined || spec.algorithm === 'Ed25519') return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'cfssl-'));
  const port = await freePort();
  const child = spawn(program, serveArguments(folder, port, spec), { stdio: 'ignore' });
  const body = JSON.stringify({ request: requestOf(spec) });
  await untilReady(() => newCertificate(port, body));
  const stop = (): void => {
    child.kill();
    rmSync(folder, { recursive: true });
  };
  return { contender: { name: 'cfssl', batch: (seconds) => batch(child, port, body, seconds) }, stop };
}

async function batch(
  child: ChildProcess,
  port: number,
  body: string,
  seconds: number,
): Promise<{ operations: number; seconds: number }> {
  const before = cpuSeconds(child.pid!);
  const { operations } = await repeatAsync(seconds, 8, () => newCertificate(port, body));
  return { operations, seconds: cpuSeconds(child.pid!) - before };
}

/** User and system time of a process, from ticks of a hundredth of a second. */
function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

function serveArguments(folder: string, port: number, spec: KeySpec): string[] {
  const files = { config: join(folder, 'config.json'), ca: join(folder, 'ca.pem'), key: join(folder, 'ca-key.pem') };
  const usages = ['signing', 'key encipherment', 'server auth', 'client auth'];
  writeFileSync(files.config, JSON.stringify({ signing: { default: { expiry: `${wanted.days * 24}h`, usages } } }));
  const csr = JSON.stringify({ CN: 'Bench CA', key: keyOf(spec) });
  const made = execFileSync(findPeer('cfssl')!, ['gencert', '-initca', '-'], {
    input: csr,
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const { cert, key } = JSON.parse(made.toString()) as { cert: string; key: string };
  writeFileSync(files.ca, cert);
  writeFileSync(files.key, key, { mode: 0o600 });
  return [
    'serve',
    '-address',
    '127.0.0.1',
    '-port',
    `${port}`,
    '-ca',
    files.ca,
    '-ca-key',
    files.key,
    '-config',
    files.config,
    '-loglevel',
    '5',
  ];
}

function keyOf({ algorithm, size }: KeySpec): { algo: string; size: number } {
  return { algo: algorithm.toLowerCase(), size };
}

function requestOf(spec: KeySpec): unknown {
  const hosts = [...wanted.dnsNames, ...wanted.ipAddresses];
  return { CN: wanted.commonName, hosts, key: keyOf(spec), names: [] };
}

function newCertificate(port: number, body: string): Promise<void> {
  const options = { agent, port, host: '127.0.0.1', method: 'POST', path: '/api/v1/cfssl/newcert' };
  return new Promise((resolve, reject) => {
    const sent = request(options, (response) => {
      const isFine = response.statusCode === 200;
      response.resume().on('end', () => (isFine ? resolve() : reject(new Error(`status ${response.statusCode}`))));
    });
    sent.on('error', reject).end(body);
  });
}

async function untilReady(attempt: () => Promise<void>): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    try {
      return await attempt();
    } catch {
      await wait(50);
    }
  }
  throw new Error('cfssl does not answer');
}

function freePort(): Promise<number> {
  const server = createServer();
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
