import type { Workload } from '#model/resources';
import type { FileContent } from '../../files/file-content.ts';
import { runProgram } from '../../reloading/run-program.ts';
import { done, failed, type Step } from '../../step.ts';
import { timeoutOf, type Delivered, type Driver, type Reloaded } from '../driver.ts';
import { EngineProcess } from '../engine-process.ts';
import type { Abilities } from './abilities.ts';
import { administratorSocket, callFrom, type HAProxyCall } from './call.ts';
import { longestPayload, swap } from './runtime-socket.ts';
import { testAbilities } from './test-abilities.ts';

const usualPidFile = '/run/haproxy.pid';

/**
 * HAProxy with a master process (`-W`). Files and a reload by the master are the way that always works. Certificates, and
 * trust where this very program was seen to swap it, are handed over by the runtime socket instead, which takes
 * milliseconds and keeps all connections; the files lie on the disk before, so that a restart finds them. `reload.command`
 * is how haproxy is called (`haproxy -f FILE`); found by the master process when left out.
 */
export function haproxyDriver({ spec: { reload } }: Workload, now: () => Date): Driver {
  const engine = new EngineProcess(reload?.pidFile ?? usualPidFile);
  const timeout = timeoutOf(reload);
  const tested = new Map<string, Promise<Abilities>>();
  const callNow = (): Promise<HAProxyCall | undefined> => callOf(engine, reload?.command);
  const abilitiesOf = (program: string): Promise<Abilities> => {
    const known = tested.get(program) ?? testAbilities(program, now());
    tested.set(program, known);
    return known;
  };
  const reloadWhole = async (): Promise<Reloaded> => ({
    step: await engine.renewWorkers('SIGUSR2', timeout),
    evidence: 'new-processes',
  });
  return {
    name: 'haproxy',
    check: async () => testConfiguration(await callNow(), timeout),
    reload: async (delivered) => {
      const call = await callNow();
      const isSwapped = call !== undefined && (await swapAll(call, delivered, abilitiesOf));
      return isSwapped ? { step: done, evidence: 'word' } : reloadWhole();
    },
    reloadWhole,
    isAlone: () => engine.isAlone(),
    run: () => engine.run(),
  };
}

async function callOf(engine: EngineProcess, command: readonly string[] | undefined): Promise<HAProxyCall | undefined> {
  if (command?.[0] !== undefined) return callFrom(command[0], command.slice(1));
  const found = await engine.command();
  return found === undefined ? undefined : callFrom(found.program, found.args.slice(1));
}

function testConfiguration(call: HAProxyCall | undefined, timeout: number): Step | Promise<Step> {
  if (call === undefined) return failed('no-process', 'haproxy does not run; start it, or check reload.pidFile');
  return runProgram([call.program, ...call.options, '-c', '-q'], timeout, 'refused-by-engine');
}

/** Hands all files over, or answers false having changed nothing that a reload does not set right. */
async function swapAll(
  call: HAProxyCall,
  { files, workload }: Delivered,
  abilitiesOf: (program: string) => Promise<Abilities>,
): Promise<boolean> {
  const socket = await administratorSocket(call);
  if (socket === undefined || files.length === 0 || files.some(({ bytes }) => bytes.length > longestPayload))
    return false;
  const abilities = await abilitiesOf(call.program);
  if (!files.every((file) => canSwap(file, workload, abilities))) return false;
  for (const { path, bytes, of } of files) {
    const what = isTrust(of, workload) ? 'ca-file' : 'cert';
    if (!(await swap(socket, what, path, bytes).catch(() => false))) return false;
  }
  return true;
}

const isTrust = (name: string, { spec: { trusts = [] } }: Workload): boolean => trusts.some((one) => one.name === name);

function canSwap({ of }: FileContent, workload: Workload, abilities: Abilities): boolean {
  if (!isTrust(of, workload)) return abilities.certificates;
  const { listens = [], connectsTo = [] } = workload.spec;
  const isForBackends = connectsTo.some(({ trusts }) => trusts === of);
  const isForClients = listens.some(({ clientTrust }) => clientTrust === of);
  return (!isForClients || abilities.clientTrust) && (!isForBackends || abilities.backendTrust);
}
