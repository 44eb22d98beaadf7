import { Command, CommanderError } from 'commander';
import type { CommandContext, ServerVerbs } from './commands/context.ts';
import { addOwnVerbs, addServerVerbs } from './commands/own.ts';
import { addReadingVerbs } from './commands/reading.ts';
import { addRotateVerbs } from './commands/rotate.ts';
import { addTLSVerbs } from './commands/tls.ts';
import { addWritingVerbs } from './commands/writing.ts';
import { exitCodeMeanings, exitCodes, type ExitCode } from './exit-codes.ts';
import { reportFailure } from './failure.ts';
import type { CliIO } from './io.ts';

/** Runs one command line and answers its exit code; prints its own failures. */
export async function runCli(
  argv: readonly string[],
  io: CliIO,
  server: ServerVerbs,
  version: string,
): Promise<ExitCode> {
  let code: ExitCode = exitCodes.done;
  let verb: string | undefined;
  const program = buildProgram({ io, server, version, settle: (result) => (code = result) });
  program.hook('preAction', (_, action) => void (verb = action.name()));
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
    if (io.signal.aborted) return exitCodes.interrupted;
    return reportFailure(io, error, verb === undefined ? {} : { verb });
  }
}

function buildProgram(context: CommandContext): Command {
  const { io, version } = context;
  const program = new Command('chancery')
    .description('The TLS control plane for API platforms.')
    .version(version, '-V, --version', 'print the version of this program')
    .exitOverride()
    // What follows a verb is the verb's: `rotate` is one with options of its own, and a group of others.
    .enablePositionalOptions()
    .configureOutput({ writeOut: io.out, writeErr: io.err })
    .addHelpText('after', `\n${exitCodeText()}`)
    .showHelpAfterError("See 'chancery --help'.");
  addServerVerbs(program, context);
  addReadingVerbs(program, context);
  addWritingVerbs(program, context);
  addTLSVerbs(program, context);
  addRotateVerbs(program, context);
  addOwnVerbs(program, context);
  return program;
}

function exitCodeText(): string {
  const lines = Object.entries(exitCodeMeanings).map(([code, meaning]) => `  ${code.padEnd(4)} ${meaning}`);
  return `Exit codes:\n${lines.join('\n')}\n`;
}
