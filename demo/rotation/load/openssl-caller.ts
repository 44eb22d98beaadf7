import { spawn } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { callerOf, readIdentity, type Caller, type CallerFiles } from './caller.ts';
import { request, serverName } from './node-caller.ts';
import { accepted, refusedFor, type Outcome } from './outcome.ts';

const timeoutMilliseconds = 8000;

/** `openssl s_client`, a process for each handshake. It reads its files twice, so it gets copies of one moment. */
export function opensslCaller(program: string, files: CallerFiles, folder: string, pauseMilliseconds: number): Caller {
  const own = mkdtempSync(join(folder, 'openssl-'));
  const [identity, trust] = [join(own, 'client.pem'), join(own, 'trust.pem')];
  return callerOf('openssl', pauseMilliseconds, ({ port }, turn) => {
    const { cert, ca } = readIdentity(files);
    writeFileSync(identity, cert, { mode: 0o600 });
    writeFileSync(trust, ca);
    const version = turn % 2 === 1 ? '-tls1_2' : '-tls1_3';
    const trusting = ['-CAfile', trust, '-no-CApath', '-no-CAstore', '-verify_return_error'];
    const presenting = ['-cert', identity, '-key', identity, version, '-servername', serverName];
    return run(program, ['s_client', '-quiet', '-connect', `127.0.0.1:${port}`, ...trusting, ...presenting]);
  });
}

function run(program: string, args: readonly string[]): Promise<Outcome> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'], timeout: timeoutMilliseconds });
    let [answer, said] = ['', ''];
    child.stdout.on('data', (bytes: Buffer) => (answer += bytes.toString('latin1')));
    child.stderr.on('data', (bytes: Buffer) => (said += bytes.toString('latin1')));
    child.stdin.on('error', () => undefined);
    child.once('error', ({ message }) => resolve(refusedFor(message)));
    child.once('close', () => resolve(answer.startsWith('HTTP/1.1 200 ') ? accepted : refusedFor(answer + said)));
    child.stdin.write(request);
  });
}
