import { Command, CommanderError, Option } from 'commander';
import { completionScript } from './completion.ts';
import { exitCodeMeanings, exitCodes, type ExitCode } from './exit-codes.ts';
import { reportFailure } from './failure.ts';
import type { CliIO } from './io.ts';
import { apply } from './verbs/apply.ts';
import { deleteObjects } from './verbs/delete.ts';
import { describe } from './verbs/describe.ts';
import { explain } from './verbs/explain.ts';
import { get } from './verbs/get.ts';
import { inspect } from './verbs/inspect.ts';
import { renew } from './verbs/renew.ts';
import { status } from './verbs/status.ts';
import { version } from './verbs/version.ts';

export interface UpOptions {
  readonly dataDir: string;
  readonly apiPort: number;
  readonly filename: readonly string[];
  readonly verbose: boolean;
}

/** Verbs that run the server side; bin wires them, because the CLI knows of the server only its API. */
export interface ServerVerbs {
  up(io: CliIO, options: UpOptions): Promise<ExitCode>;
  rotateSecretsKey(io: CliIO, options: { readonly dataDir: string }): Promise<ExitCode>;
}

/** Runs one command line and answers its exit code; prints its own failures. */
export async function runCli(
  argv: readonly string[],
  io: CliIO,
  server: ServerVerbs,
  ownVersion: string,
): Promise<ExitCode> {
  let code: ExitCode = exitCodes.done;
  const program = buildProgram(io, server, ownVersion, (result) => (code = result));
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
    return reportFailure(io, error);
  }
}

type Settle = (code: ExitCode) => void;

function buildProgram(io: CliIO, server: ServerVerbs, ownVersion: string, settle: Settle): Command {
  const program = new Command('chancery')
    .description('The TLS control plane for API platforms.')
    .exitOverride()
    .configureOutput({ writeOut: io.out, writeErr: io.err })
    .addHelpText('after', `\n${exitCodeText()}`)
    .showHelpAfterError("(see 'chancery --help')");
  addServerVerbs(program, io, server, settle);
  addReadingVerbs(program, io, settle);
  addWritingVerbs(program, io, settle);
  addOwnVerbs(program, io, ownVersion, settle);
  return program;
}

function exitCodeText(): string {
  const lines = Object.entries(exitCodeMeanings).map(([code, meaning]) => `  ${code}  ${meaning}`);
  return `Exit codes:\n${lines.join('\n')}\n`;
}

/** Options that every verb which speaks to a server takes. */
function reaching(command: Command): Command {
  return command
    .option('--kubeconfig <file>', 'kubeconfig of the server (default: DATA-DIR/kubeconfig)')
    .option('--context <name>', 'context of the kubeconfig')
    .option('--data-dir <dir>', 'data directory whose kubeconfig to use (default: ./.chancery)')
    .option('-n, --namespace <name>', 'namespace');
}

function verb(program: Command, usage: string, description: string): Command {
  return program.command(usage).description(description);
}

function addServerVerbs(program: Command, io: CliIO, server: ServerVerbs, settle: Settle): void {
  verb(program, 'up', 'run the control plane here: API server, store and issuing loops in one process')
    .option('--data-dir <dir>', 'where everything is kept', '.chancery')
    .option('--api-port <port>', 'port of the API on 127.0.0.1', parsePort, 9443)
    .option('-f, --filename <file...>', 'manifests to apply at the start: files, folders, or - for the input', [])
    .option('--verbose', 'log every step, not only what matters', false)
    .action(async (options: UpOptions) => settle(await server.up(io, options)));
  verb(program, 'rotate-secrets-key', 'encrypt the stored Secrets under a new key (the server must be stopped)')
    .option('--data-dir <dir>', 'where everything is kept', '.chancery')
    .action(async (options: { dataDir: string }) => settle(await server.rotateSecretsKey(io, options)));
}

function parsePort(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new CommanderError(2, 'chancery.port', `error: "${text}" is not a port`);
}

function addReadingVerbs(program: Command, io: CliIO, settle: Settle): void {
  reaching(verb(program, 'get', 'list objects, or show some by name'))
    .argument('<type...>', 'TYPE, TYPE NAME..., TYPE/NAME..., or a category such as cert-manager')
    .addOption(new Option('-o, --output <form>', 'wide, yaml, json or name'))
    .option('-A, --all-namespaces', 'objects of every namespace')
    .option('-l, --selector <labels>', 'label selector')
    .option('--field-selector <fields>', 'field selector')
    .option('-w, --watch', 'go on and show changes')
    .action(async (args: string[], options: object) => settle(await get(io, args, options)));
  reaching(verb(program, 'describe', 'show an object in words, with its events'))
    .argument('<type...>', 'TYPE NAME..., TYPE/NAME..., or TYPE for all')
    .option('-A, --all-namespaces', 'objects of every namespace')
    .option('-l, --selector <labels>', 'label selector')
    .action(async (args: string[], options: object) => settle(await describe(io, args, options)));
  reaching(verb(program, 'status', 'one screen: what is ready, what fails and why, what expires next')).action(
    async (options: object) => settle(await status(io, options)),
  );
  reaching(
    verb(program, 'inspect', 'say what is in a certificate, key, request or keystore, and what is wrong with it'),
  )
    .argument('<what>', 'FILE, - for the input, secret/NAME, or HOST:PORT')
    .option('--password-file <file>', 'file that holds the password of a keystore (or set CHANCERY_PASSWORD)')
    .option('--server-name <name>', 'name to ask a HOST:PORT for (default: HOST)')
    .addOption(new Option('-o, --output <form>', 'json or yaml'))
    .action(async (what: string, options: object) => settle(await inspect(io, what, options)));
  reaching(verb(program, 'explain', 'what a kind or a field means'))
    .argument('<path>', 'TYPE, or TYPE.FIELD...')
    .option('--recursive', 'all fields below')
    .action(async (path: string, options: object) => settle(await explain(io, path, options)));
}

function addWritingVerbs(program: Command, io: CliIO, settle: Settle): void {
  reaching(verb(program, 'apply', 'declare objects (server-side apply)'))
    .requiredOption('-f, --filename <file...>', 'files, folders, or - for the input')
    .option('--dry-run', 'let the server check, and change nothing')
    .option('--force-conflicts', 'take over fields that others own')
    .action(async (options: object) => settle(await apply(io, options)));
  reaching(verb(program, 'delete', 'delete objects'))
    .argument('[type...]', 'TYPE NAME..., or TYPE/NAME...')
    .option('-f, --filename <file...>', 'delete what these files declare')
    .option('-l, --selector <labels>', 'label selector')
    .option('-A, --all-namespaces', 'with --all or -l: in every namespace')
    .option('--all', 'all of the type in the namespace')
    .option('--ignore-not-found', 'no failure when it is gone already')
    .option('--dry-run', 'let the server check, and change nothing')
    .action(async (args: string[], options: object) => settle(await deleteObjects(io, args, options)));
  reaching(verb(program, 'renew', 'ask for new certificates now'))
    .argument('[name...]', 'names of Certificates')
    .option('--all', 'every Certificate in the namespace')
    .option('-A, --all-namespaces', 'with --all, -l or --issuer: in every namespace')
    .option('-l, --selector <labels>', 'label selector')
    .option('--issuer <name>', 'every Certificate of this issuer')
    .action(async (names: string[], options: object) => settle(await renew(io, names, options)));
}

function addOwnVerbs(program: Command, io: CliIO, ownVersion: string, settle: Settle): void {
  reaching(verb(program, 'version', 'versions of this program and of the server'))
    .option('--client', 'only this program')
    .addOption(new Option('-o, --output <form>', 'json'))
    .action(async (options: object) => settle(await version(io, ownVersion, options)));
  verb(program, 'completion', 'print a completion script')
    .argument('<shell>', 'bash, zsh or fish')
    .action((shell: string) => io.out(completionScript(program, shell)));
}
