import { InvalidArgumentError, Option, type Command } from 'commander';

/** A verb with the options that every verb which speaks to a server takes. */
export function reachingVerb(program: Command, name: string, description: string): Command {
  return verb(program, name, description)
    .option('--kubeconfig <file>', 'kubeconfig of the server (default: DATA-DIR/kubeconfig, else $KUBECONFIG)')
    .option('--context <name>', 'context of the kubeconfig')
    .option('--data-dir <dir>', 'data directory whose kubeconfig to use (default: ./.chancery)')
    .option('-n, --namespace <name>', 'namespace');
}

export function verb(program: Command, name: string, description: string): Command {
  return program.command(name).description(description).showHelpAfterError(`See 'chancery ${name} --help'.`);
}

/** `-o` with the forms that a verb prints. */
export function outputOption(...forms: readonly string[]): Option {
  return new Option('-o, --output <form>', 'form of the output').choices(forms);
}

export const filesHint = 'files, folders, or - for the input';

/** A whole number above 0. */
export function parseCount(text: string): number {
  if (/^[1-9]\d{0,6}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It is a whole number above 0.');
}
