import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Caller, CallerFiles, OnOutcome } from './caller.ts';
import { serverName } from './node-caller.ts';
import { accepted, refusedFor, type Outcome } from './outcome.ts';

const source = new URL('./JavaCaller.java', import.meta.url).pathname;

/** Java as a client, in one process: it reads a PKCS#12 keystore and a JKS truststore before every handshake. */
export function javaCaller(program: string, files: CallerFiles, pauseMilliseconds: number): Caller {
  let child: ChildProcess | undefined;
  return {
    name: 'java',
    start(to, onOutcome) {
      const { keystore, truststore, password } = files;
      const ports = to.map(({ port }) => String(port));
      const flags = ['-Xmx64m', '-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC'];
      const args = [...flags, source, keystore, truststore, password, serverName, String(pauseMilliseconds), ...ports];
      child = spawn(program, args, { stdio: ['pipe', 'pipe', 'ignore'] });
      const names = new Map(to.map(({ name, port }) => [String(port), name]));
      listen(child, (port) => onOutcome(names.get(port) ?? port));
    },
    async stop() {
      if (child === undefined || child.exitCode !== null) return;
      child.stdin?.end();
      await once(child, 'exit');
    },
  };
}

function listen(child: ChildProcess, begin: OnOutcome): void {
  let tell: ((outcome: Outcome) => void) | undefined;
  createInterface({ input: child.stdout! }).on('line', (line) => {
    const [word, port = '', ...rest] = line.split(' ');
    if (word === 'begin') tell = begin(port);
    else if (word === 'end') tell?.(rest.join(' ') === 'accepted' ? accepted : refusedFor(rest.join(' ')));
  });
}
