import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { peer } from '../peers/peer.ts';

/** Two network namespaces with a link between them, which exist as long as the processes in them. */

const program = fileURLToPath(new URL('./scenario-process.ts', import.meta.url));

/** The address of each site on the link. */
export const addresses = { north: '10.77.0.1', south: '10.77.0.2' } as const;

/**
 * Namespaces of our own for the network, mounts and processes: what was started inside ends with the first process. Who
 * is not root becomes it inside.
 */
const enter = ['-n', '-m', '-p', '-f', '--kill-child', '--mount-proc', ...(process.getuid?.() === 0 ? [] : ['-r'])];

/** Names of namespaces go into a /run of our own, so that nothing is left on the machine. */
const lay = `set -e
mount -t tmpfs tmpfs /run
ip link set lo up
ip netns add south
ip link add north type veth peer name south netns south
ip addr add ${addresses.north}/24 dev north
ip link set north up
ip netns exec south ip link set lo up
ip netns exec south ip addr add ${addresses.south}/24 dev south
ip netns exec south ip link set south up`;

/**
 * Test options: skipped by name where `ip` or `unshare` is missing, as `peer()` does; and where the kernel does not let
 * us make network namespaces, whatever is required, because that is this machine's right and no program is missing.
 */
export function sites(): { skip: false | string } {
  const programs = peer('ip', 'unshare');
  if (programs.skip !== false) return programs;
  const { error, status, stderr } = spawnSync('unshare', [...enter, 'sh', '-c', lay], { encoding: 'utf8' });
  if (error !== undefined || status === 0) return { skip: false };
  return { skip: `this machine does not let us make network namespaces (CAP_NET_ADMIN): ${stderr.trim()}` };
}

/** Runs a scenario of `scenario-process.ts` in the northern site; answers what it found. */
export async function inSites<T>(scenario: string, order: object): Promise<T> {
  const script = `${lay}\n"$@"`;
  const argv = [...enter, 'sh', '-c', script, 'sh', process.execPath, program, scenario, JSON.stringify(order)];
  const folder = mkdtempSync(join(tmpdir(), 'chancery-sites-'));
  const env = { ...process.env, TMPDIR: folder };
  const child = spawn('unshare', argv, { stdio: ['pipe', 'pipe', 'pipe'], env });
  let [found, said] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (found += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-8000)));
  const code = await new Promise((resolve) => void child.once('close', resolve));
  rmSync(folder, { recursive: true, force: true });
  if (code !== 0) throw new Error(`${scenario} ended with ${String(code)}: ${said}`);
  return JSON.parse(found.trim().split('\n').at(-1)!) as T;
}
