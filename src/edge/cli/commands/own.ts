import { Argument, InvalidArgumentError, type Command } from 'commander';
import { completionScript, shells, type Shell } from '../completion.ts';
import { version, type VersionOptions } from '../verbs/version.ts';
import type { CommandContext, UpOptions } from './context.ts';
import { filesHint, outputOption, reachingVerb, verb } from './options.ts';

/** The verbs that run the server side in this process. */
export function addServerVerbs(program: Command, { io, server, settle }: CommandContext): void {
  verb(program, 'up', 'run the control plane here: API server, store and issuing loops in one process')
    .option('--data-dir <dir>', 'where everything is kept', '.chancery')
    .option('--api-port <port>', 'port of the API on 127.0.0.1; 0 takes a free one', parsePort, 9443)
    .option('-f, --filename <file...>', `apply these at the start: ${filesHint}`, [])
    .option('--expiry-webhook <url...>', 'tell these when certificates come near their end', [])
    .option('--verbose', 'log every step, not only what matters', false)
    .action(async (options: UpOptions) => settle(await server.up(io, options)));
  verb(program, 'rotate-secrets-key', 'encrypt the stored Secrets under a new key (the server must be stopped)')
    .option('--data-dir <dir>', 'where everything is kept', '.chancery')
    .action(async (options: { dataDir: string }) => settle(await server.rotateSecretsKey(io, options)));
}

function parsePort(text: string): number {
  const port = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (port <= 65_535) return port;
  throw new InvalidArgumentError('A port is a number from 0 to 65535.');
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
