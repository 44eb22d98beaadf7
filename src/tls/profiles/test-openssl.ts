/** Real OpenSSL programs as peers of Node's TLS, for tests: certificates, `openssl s_client`, `openssl s_server`. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findPeer } from '../../../test/peers/peer.ts';

const openssl = findPeer('openssl') ?? 'openssl';
const execute = promisify(execFile);

/** A certificate with its key, in files and as text. */
export interface TestIdentity {
  readonly keyFile: string;
  readonly certificateFile: string;
  readonly key: string;
  readonly cert: string;
}

export type KeyKind = 'ec' | 'rsa' | 'dsa';

const keyArguments: Readonly<Record<KeyKind, (folder: string) => string[]>> = {
  ec: () => ['genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256'],
  rsa: () => ['genpkey', '-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:2048'],
  dsa: (folder) => ['genpkey', '-paramfile', join(folder, 'dsa-parameters.pem')],
};

/** Self-signed certificates for `localhost`, one a kind of key. */
export async function testIdentities(): Promise<Record<KeyKind, TestIdentity>> {
  const folder = mkdtempSync(join(tmpdir(), 'tls-profiles-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const sizes = ['-pkeyopt', 'dsa_paramgen_bits:2048', '-pkeyopt', 'dsa_paramgen_q_bits:224'];
  await execute(openssl, [
    'genpkey',
    '-genparam',
    '-algorithm',
    'DSA',
    ...sizes,
    '-out',
    join(folder, 'dsa-parameters.pem'),
  ]);
  const [ec, rsa, dsa] = await Promise.all([identity(folder, 'ec'), identity(folder, 'rsa'), identity(folder, 'dsa')]);
  return { ec, rsa, dsa };
}

async function identity(folder: string, kind: KeyKind): Promise<TestIdentity> {
  const [keyFile, certificateFile] = [join(folder, `${kind}.key`), join(folder, `${kind}.pem`)];
  await execute(openssl, [...keyArguments[kind](folder), '-out', keyFile]);
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost', '-days', '2'];
  await execute(openssl, ['req', '-x509', '-new', '-sha256', '-key', keyFile, '-out', certificateFile, ...subject]);
  return { keyFile, certificateFile, key: readFileSync(keyFile, 'utf8'), cert: readFileSync(certificateFile, 'utf8') };
}

/** One version with one suite, as OpenSSL's programs are told of it. */
export interface Pair {
  readonly protocol: string;
  /** OpenSSL's name, which for TLS 1.3 is IANA's. */
  readonly suite: string;
}

const versionArguments: Readonly<Record<string, string>> = {
  'tls_v1.0': '-tls1',
  'tls_v1.1': '-tls1_1',
  'tls_v1.2': '-tls1_2',
  'tls_v1.3': '-tls1_3',
};

/** Arguments under which OpenSSL offers, or accepts, only `pairs`, which are of one version. */
export function pairArguments(pairs: readonly Pair[]): string[] {
  const protocol = pairs[0]?.protocol ?? '';
  const names = pairs.map(({ suite }) => suite).join(':');
  const tls13 = ['-ciphersuites', names, '-cipher', 'ALL:@SECLEVEL=0'];
  const suites = protocol === 'tls_v1.3' ? tls13 : ['-cipher', `${names}:@SECLEVEL=0`];
  return [versionArguments[protocol] ?? '', ...suites];
}

/** Every pair that this OpenSSL can negotiate with certificates. */
export async function knownPairs(): Promise<Pair[]> {
  const listed = await Promise.all(Object.keys(versionArguments).map(pairsOf));
  return listed.flat();
}

const tls13Suites = ['GCM_SHA256', 'CCM_SHA256', 'CCM_8_SHA256'].map((end) => `TLS_AES_128_${end}`);
const allTLS13 = [...tls13Suites, 'TLS_AES_256_GCM_SHA384', 'TLS_CHACHA20_POLY1305_SHA256'];

async function pairsOf(protocol: string): Promise<Pair[]> {
  if (protocol === 'tls_v1.3') return allTLS13.map((suite) => ({ protocol, suite }));
  const wanted = ['ciphers', '-s', versionArguments[protocol] ?? '', '-ciphersuites', ''];
  const { stdout } = await execute(openssl, [...wanted, 'ALL:!aNULL:!PSK:!SRP:@SECLEVEL=0']);
  return stdout
    .trim()
    .split(':')
    .map((suite) => ({ protocol, suite }));
}

/** Whether `openssl s_client` completes a handshake with 127.0.0.1:`port`. */
export async function connects(port: number, args: readonly string[]): Promise<boolean> {
  const client = spawn(openssl, ['s_client', '-connect', `127.0.0.1:${port}`, ...args], {
    stdio: ['ignore', 'ignore', 'ignore'],
  });
  const [code] = await once(client, 'exit');
  return code === 0;
}

/** `openssl s_client` with a conversation: what it prints, and a way to type. */
export function converse(port: number, args: readonly string[]) {
  return spawn(openssl, ['s_client', '-connect', `127.0.0.1:${port}`, ...args], { stdio: 'pipe' });
}

/** An `openssl s_server` on a free port, stopped by `close`. */
export async function listening(identities: readonly TestIdentity[], args: readonly string[]) {
  const files = identities.flatMap(({ certificateFile, keyFile }, index) =>
    index === 0 ? ['-cert', certificateFile, '-key', keyFile] : ['-dcert', certificateFile, '-dkey', keyFile],
  );
  const stdio = ['pipe', 'pipe', 'ignore'] as const;
  const server = spawn(openssl, ['s_server', '-accept', '127.0.0.1:0', ...files, ...args], { stdio: [...stdio] });
  let text = '';
  for await (const chunk of server.stdout.iterator({ destroyOnReturn: false })) {
    text += String(chunk);
    const port = /ACCEPT 127\.0\.0\.1:(\d+)/.exec(text)?.[1];
    if (port !== undefined) return { port: Number(port), close: () => server.kill() };
  }
  throw new Error(`openssl s_server did not start with ${args.join(' ')}`);
}

/** Results of `task` for each of `items`, in their order; at most `width` run at once. */
export async function inParallel<T, R>(
  items: readonly T[],
  width: number,
  task: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  const waiting = items.entries();
  const worker = async () => {
    for (const [index, item] of waiting) results[index] = await task(item);
  };
  await Promise.all(Array.from({ length: width }, worker));
  return results;
}
