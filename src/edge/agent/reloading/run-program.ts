import { spawn } from 'node:child_process';
import { done, failed, type FailureCode, type Step } from '../step.ts';

const mostOutput = 4000;
const lastWordsMilliseconds = 200;

/**
 * Runs a program, no shell between; what it wrote last is in the failure. Ends it when it takes longer than allowed. It
 * sees nothing of this process but the usual environment.
 */
export function runProgram(
  argv: readonly string[],
  timeoutMilliseconds: number,
  code: FailureCode = 'reload-failed',
): Promise<Step> {
  const [program = '', ...args] = argv;
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], timeout: timeoutMilliseconds });
    let output = '';
    const take = (bytes: Buffer): void => {
      output = (output + bytes.toString('utf8')).slice(-mostOutput);
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    child.once('error', (error) => resolve(failed(code, `cannot run ${program}: ${error.message}`)));
    let end: Step | undefined;
    const finish = (): void => {
      if (end !== undefined) resolve(end);
    };
    child.once('exit', (status, signal) => {
      end = status === 0 ? done : failed(code, ending(program, status, signal, output));
      // A daemon that it started may hold the pipes open for ever.
      setTimeout(finish, lastWordsMilliseconds).unref();
    });
    child.once('close', finish);
  });
}

function ending(program: string, status: number | null, signal: NodeJS.Signals | null, output: string): string {
  const end = status === null ? `was ended by ${signal ?? 'a signal'}` : `ended with ${status}`;
  const said = output.trim().split('\n').slice(-8).join('\n');
  return said === '' ? `${program} ${end}` : `${program} ${end}: ${said}`;
}
