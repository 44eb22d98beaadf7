import { done, failed, type Step } from '../step.ts';
import { pidIn } from './process-facts.ts';

/** Sends a signal to the process whose id is in the file. That it arrived says nothing of what it did. */
export async function signalProcess(pidFile: string, signal: string): Promise<Step> {
  const pid = await pidIn(pidFile);
  if (pid === undefined) return failed('no-process', `no process runs whose id is in ${pidFile}; start the server`);
  try {
    process.kill(pid, signal);
    return done;
  } catch (error) {
    return failed('reload-failed', `cannot send ${signal} to process ${pid}: ${(error as Error).message}`);
  }
}
