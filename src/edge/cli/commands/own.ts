import { Argument, InvalidArgumentError, type Command } from 'commander';
import { completionScript, shells, type Shell } from '../completion.ts';
import { version, type VersionOptions } from '../verbs/version.ts';
import type { CommandContext, GatewayVerbOptions, UpOptions } from './context.ts';
import { addAgentVerbs } from './agent.ts';
import { filesHint, outputOption, reachingVerb, verb } from './options.ts';

/** The verbs that run the server side in this process. */
export function addServerVerbs(program: Command, { io, server, settle }: CommandContext): void {
  verb(program, 'up', 'run the control plane here: API server, store and issuing loops in one process')
    .option('--data-dir <dir>', 'where everything is kept', '.chancery')
    .option('--api-port <port>', 'port of the API on 127.0.0.1; 0 takes a free one', parsePort, 9443)
    .option('-f, --filename <file...>', `apply these at the start: ${filesHint}`, [])
    .option('--expiry-webhook <url...>', 'tell these when certificates come near their end', [])
    .option('--gateway-port <port>', 'port of the gateway on 127.0.0.1; 0 takes a free one (default: 8443)', parsePort)
    .option('--no-gateway', 'run no gateway in this process')
    .option('--sample-backends', 'run the two backends of examples/gateway.yaml here', false)
    .option('--verbose', 'log every step, not only what matters', false)
    .action(async (options: UpOptions) => settle(await server.up(io, options)));
  verb(program, 'gateway', 'run a node of a Gateway: it serves by what the API says, and goes on without it')
    .requiredOption('--kubeconfig <file>', 'how to reach the API, such as DATA-DIR/gateway.kubeconfig')
    .option('--gateway <ns/name>', 'the Gateway to run', 'chancery-system/default')
    .option('--node <name>', 'name of this node (default: that of the machine)')
    .option('--host <address>', 'address to listen on', '0.0.0.0')
    .option('--port <port>', 'port to listen on; 0 takes a free one', parsePort, 8443)
    .option('--state-dir <dir>', 'where the encrypted snapshot is kept', '.chancery-gateway')
    .option('--drain-seconds <n>', 'how long running requests may take at the end', parseSeconds, 30)
    .option('--verbose', 'log every step, not only what matters', false)
    .action(async (options: GatewayVerbOptions) => settle(await server.gateway(io, options)));
  addAgentVerbs(program, { io, server, settle });
  verb(program, 'rotate-secrets-key', 'encrypt the stored Secrets under a new key (the server must be stopped)')
    .option('--data-dir <dir>', 'where everything is kept', '.chancery')
    .action(async (options: { dataDir: string }) => settle(await server.rotateSecretsKey(io, options)));
}

function parsePort(text: string): number {
  const port = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (port <= 65_535) return port;
  throw new InvalidArgumentError('A port is a number from 0 to 65535.');
}

function parseSeconds(text: string): number {
  const seconds = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (seconds <= 86_400) return seconds;
  throw new InvalidArgumentError('Give whole seconds, at most a day.');
}

/** The verbs about the program itself. */
export function addOwnVerbs(program: Command, { io, version: own, settle }: CommandContext): void {
  reachingVerb(program, 'version', 'versions of this program and of the server')
    .option('--client', 'only this program')
    .addOption(outputOption('yaml', 'json'))
    .action(async (options: VersionOptions) => settle(await version(io, own, options)));
  verb(program, 'completion', 'print a completion script')
    .addArgument(new Argument('<shell>', 'the shell that it is for').choices(shells))
    .action((shell: Shell) => io.out(completionScript(program, shell)));
}
