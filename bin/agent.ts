import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { resolve } from 'node:path';
import pino from 'pino';
import { ensureIdentity, keepIdentityFresh, startAgent, type AgentPlace, type Enrolment } from '#edge/agent';
import { exitCodes, type AgentVerbOptions, type CliIO, type ExitCode } from '#edge/cli';
import { CodedError } from '#errors';
import { kubeconfigAccess } from './kubeconfig-access.ts';
import { untilAborted } from './until-aborted.ts';

/** `chancery agent`: looks after servers on this machine, in the foreground, until a signal ends it. */
export async function agent(io: CliIO, options: AgentVerbOptions): Promise<ExitCode> {
  const workloads = options.workload.map(readPlace);
  const stateDirectory = resolve(io.cwd, options.stateDir);
  const log = pino({ level: options.verbose ? 'info' : 'warn' }, pino.destination({ dest: 2, sync: true }));
  const own = options.kubeconfig === undefined;
  const kubeconfig = own
    ? await ensureIdentity(stateDirectory, () => enrolmentOf(io, options), io.now())
    : resolve(io.cwd, options.kubeconfig);
  const running = await startAgent({
    access: kubeconfigAccess(kubeconfig, 'chancery-agent'),
    workloads,
    stateDirectory,
    log,
  });
  const names = workloads.map(({ namespace, name, instance }) => `${namespace}/${name}=${instance}`);
  io.out(`Looking after ${names.join(', ')}.\n`);
  const fresh = own ? keepIdentityFresh(kubeconfig, log, io.signal) : Promise.resolve();
  await untilAborted(io.signal);
  await Promise.all([running.stop(), fresh]);
  return exitCodes.done;
}

function readPlace(text: string): AgentPlace {
  const [, namespace, name, instance = hostname().toLowerCase()] = /^([^/=]+)\/([^/=]+)(?:=(.+))?$/.exec(text) ?? [];
  if (namespace !== undefined && name !== undefined) return { namespace, name, instance };
  throw new CodedError('bad-request', `"${text}" does not name a Workload`, {
    field: '--workload',
    hint: 'Give namespace and name, such as apic/portal, or apic/portal=portal-1 with the instance.',
  });
}

async function enrolmentOf(io: CliIO, options: AgentVerbOptions): Promise<Enrolment> {
  const { server, caFile, bootstrapTokenFile } = options;
  if (server === undefined || bootstrapTokenFile === undefined) {
    throw new CodedError('bad-request', 'the agent has no identity yet', {
      field: '--bootstrap-token-file',
      hint: 'Give --server, --ca-file and --bootstrap-token-file once, or --kubeconfig.',
    });
  }
  const read = (path: string): Promise<string> =>
    readFile(resolve(io.cwd, path), 'utf8').catch((cause: unknown) => unreadable(path, cause));
  const [ca, token] = await Promise.all([caFile === undefined ? undefined : read(caFile), read(bootstrapTokenFile)]);
  return { server, ca, token: token.trim() };
}

function unreadable(path: string, cause: unknown): never {
  throw new CodedError('bad-request', `cannot read ${path}`, { field: path, cause });
}
