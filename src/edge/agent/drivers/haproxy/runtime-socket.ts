import { connect } from 'node:net';

const timeoutMilliseconds = 5000;

/** What HAProxy answered to one command, or why it did not. An answer is no proof: some say Success and change nothing. */
export function askRuntime(socketPath: string, command: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ path: socketPath, allowHalfOpen: true });
    let answer = '';
    socket.setTimeout(timeoutMilliseconds, () => socket.destroy(new Error('HAProxy does not answer')));
    socket.on('data', (bytes: Buffer) => (answer += bytes.toString('utf8')));
    socket.once('error', reject);
    socket.once('close', () => resolve(answer.trim()));
    socket.once('end', () => socket.destroy());
    // The write side is closed, or HAProxy waits for more commands.
    socket.end(`${command}\n`);
  });
}

/** HAProxy 2.6 takes command and payload together in one buffer of 16384 bytes, and says nothing when they are longer. */
export const longestPayload = 15_000;

/** A payload ends at the first empty line. */
function payload(bytes: Uint8Array): string {
  const lines = Buffer.from(bytes).toString('latin1').split(/\r?\n/);
  return lines.filter((line) => line.trim() !== '').join('\n');
}

/** Replaces what HAProxy holds of one file by its new bytes; whether HAProxy says that it did. */
export async function swap(
  socketPath: string,
  what: 'cert' | 'ca-file',
  path: string,
  bytes: Uint8Array,
): Promise<boolean> {
  const set = await askRuntime(socketPath, `set ssl ${what} ${path} <<\n${payload(bytes)}\n`);
  if (!/transaction (created|updated)/i.test(set)) return false;
  const committed = await askRuntime(socketPath, `commit ssl ${what} ${path}`);
  if (/Success!/.test(committed)) return true;
  await askRuntime(socketPath, `abort ssl ${what} ${path}`);
  return false;
}
