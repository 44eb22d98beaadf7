/** The command line, wired to the real world. */
import { readFileSync } from 'node:fs';
import { buffer } from 'node:stream/consumers';
import { runCli, type CliIO, type ServerVerbs } from '#edge/cli';

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
for (const stream of [process.stdout, process.stderr]) stream.on('error', endOnClosedPipe);

const io: CliIO = {
  out: (chunk) => void process.stdout.write(chunk),
  err: (chunk) => void process.stderr.write(chunk),
  readInput,
  env: process.env,
  cwd: process.cwd(),
  now: () => new Date(),
  isTerminal: process.stdout.isTTY ?? false,
  isErrTerminal: process.stderr.isTTY ?? false,
  signal: stop.signal,
};

/** Loaded when they are called: most command lines need nothing of the server. */
const serverVerbs: ServerVerbs = {
  up: async (...args) => (await import('./up.ts')).up(...args, version),
  gateway: async (...args) => (await import('./gateway.ts')).gateway(...args, version),
  agent: async (...args) => (await import('./agent.ts')).agent(...args),
  rotateSecretsKey: async (...args) => (await import('./rotate-secrets-key.ts')).rotateSecretsKey(...args),
};

process.exitCode = await runCli(process.argv.slice(2), io, serverVerbs, version);

/** A user who stops the program does not have to end the input too. */
function readInput(): Promise<Uint8Array> {
  stop.signal.addEventListener('abort', () => process.stdin.destroy(), { once: true });
  return buffer(process.stdin);
}

/** `chancery get ... | head` closes the pipe early: that is an end, not a fault. */
function endOnClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
}
