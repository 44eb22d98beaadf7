import { connect } from 'node:tls';
import { callerOf, readIdentity, type Caller, type CallerFiles } from './caller.ts';
import { accepted, refusedFor, type Outcome } from './outcome.ts';

export const serverName = 'site.invalid';
export const request = `GET / HTTP/1.1\r\nhost: ${serverName}\r\nconnection: close\r\n\r\n`;

const timeoutMilliseconds = 5000;

/** Node as a client: every other handshake with TLS 1.2. */
export function nodeCaller(files: CallerFiles, pauseMilliseconds: number): Caller {
  return callerOf('node', pauseMilliseconds, ({ port }, turn) => shake(port, readIdentity(files), turn % 2 === 1));
}

/** One full handshake with verification on both sides, and a request; good when it is answered with 200. */
export function shake(
  port: number,
  identity: { readonly cert: string; readonly key: string; readonly ca: string },
  isOld: boolean,
): Promise<Outcome> {
  return new Promise((resolve) => {
    const maxVersion = isOld ? 'TLSv1.2' : 'TLSv1.3';
    const socket = connect({ host: '127.0.0.1', port, servername: serverName, maxVersion, ...identity });
    let answer = '';
    const finish = (words: string): void => {
      socket.destroy();
      resolve(answer.startsWith('HTTP/1.1 200 ') ? accepted : refusedFor(answer === '' ? words : answer.slice(0, 200)));
    };
    socket.setTimeout(timeoutMilliseconds, () => finish('timeout'));
    socket.once('secureConnect', () => socket.write(request));
    socket.on('data', (bytes: Buffer) => (answer += bytes.toString('latin1')));
    socket.once('error', ({ message }) => finish(message));
    socket.once('close', () => finish('closed'));
  });
}
