import { callHook } from '../reloading/call-hook.ts';
import { runIn } from '../reloading/process-facts.ts';
import { runProgram } from '../reloading/run-program.ts';
import { signalProcess } from '../reloading/signal-process.ts';
import { done, failed, type Step } from '../step.ts';
import { timeoutOf, type Driver, type Evidence, type ReloadSpec } from './driver.ts';

/** A server of which nothing is known but its files and how it is told of new ones. */
export function filesDriver(reload: ReloadSpec | undefined): Driver {
  const { pidFile } = reload ?? {};
  return {
    name: 'files',
    check: async () => done,
    reload: async () => ({ step: await tell(reload), evidence: evidenceOf(reload) }),
    isAlone: async () => (reload?.type === 'restart' && isToldSomehow(reload) ? true : undefined),
    run: async () => (pidFile === undefined ? undefined : runIn(pidFile)),
  };
}

function isToldSomehow({ command, url }: ReloadSpec): boolean {
  return command !== undefined || url !== undefined;
}

function evidenceOf(reload: ReloadSpec | undefined): Evidence {
  if (reload === undefined || reload.type === 'hot' || reload.type === 'signal') return 'none';
  if (reload.type === 'restart' && !isToldSomehow(reload)) return 'none';
  return 'word';
}

async function tell(reload: ReloadSpec | undefined): Promise<Step> {
  if (reload === undefined || reload.type === 'hot') return done;
  const { type, command, pidFile, signal = 'SIGHUP', url } = reload;
  if (type === 'signal' && pidFile !== undefined) return signalProcess(pidFile, signal);
  if (url !== undefined) return callHook(url, timeoutOf(reload));
  if (command !== undefined) return runProgram(command, timeoutOf(reload));
  return failed('not-restarted', 'people must restart the server; until then it uses what it read when it started');
}
