import { callHook } from '../reloading/call-hook.ts';
import { runIn } from '../reloading/process-facts.ts';
import { runProgram } from '../reloading/run-program.ts';
import { signalProcess } from '../reloading/signal-process.ts';
import { done, failed, type Step } from '../step.ts';
import { timeoutOf, type Driver, type Evidence, type ReloadSpec } from './driver.ts';

/** A server of which nothing is known but its files and how it is told of new ones. */
export function filesDriver(reload: ReloadSpec | undefined): Driver {
  const { pidFile, type } = reload ?? {};
  const canRestart = type === 'restart' && isToldSomehow(reload!);
  return {
    name: 'files',
    readsByItself: type === undefined || type === 'hot' || type === 'restart',
    check: async () => done,
    reload: async () => ({
      step: type === 'restart' ? unrestarted(canRestart) : await tell(reload),
      evidence: evidenceOf(reload),
    }),
    ...(canRestart ? { restart: async () => ({ step: await tell(reload), evidence: 'word' }) } : {}),
    isAlone: async () => (canRestart ? true : undefined),
    run: async () => (pidFile === undefined ? undefined : runIn(pidFile)),
  };
}

function isToldSomehow({ command, url }: ReloadSpec): boolean {
  return command !== undefined || url !== undefined;
}

function evidenceOf(reload: ReloadSpec | undefined): Evidence {
  return reload?.type === 'command' || reload?.type === 'http' ? 'word' : 'none';
}

async function tell(reload: ReloadSpec | undefined): Promise<Step> {
  if (reload === undefined || reload.type === 'hot') return done;
  const { type, command, pidFile, signal = 'SIGHUP', url } = reload;
  if (type === 'signal' && pidFile !== undefined) return signalProcess(pidFile, signal);
  if (url !== undefined) return callHook(url, timeoutOf(reload));
  if (command !== undefined) return runProgram(command, timeoutOf(reload));
  return done;
}

function unrestarted(canRestart: boolean): Step {
  const who = canRestart ? 'the server waits for its turn to be restarted' : 'people must restart the server';
  return failed('not-restarted', `${who}; until then it uses what it read when it started`);
}
