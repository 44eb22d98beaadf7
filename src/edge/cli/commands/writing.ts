import type { Command } from 'commander';
import { apply, type ApplyOptions } from '../verbs/apply.ts';
import { deleteObjects, type DeleteOptions } from '../verbs/delete/delete.ts';
import { renew, type RenewOptions } from '../verbs/renew/renew.ts';
import type { CommandContext } from './context.ts';
import { filesHint, outputOption, reachingVerb } from './options.ts';

/** The verbs that change what is declared, or ask for new certificates. */
export function addWritingVerbs(program: Command, context: CommandContext): void {
  addApply(program, context);
  addDelete(program, context);
  addRenew(program, context);
}

function addApply(program: Command, { io, settle }: CommandContext): void {
  reachingVerb(program, 'apply', 'declare objects (server-side apply)')
    .requiredOption('-f, --filename <file...>', filesHint)
    .option('--dry-run', 'let the server check, and change nothing')
    .option('--force-conflicts', 'take over fields that others own')
    .addOption(outputOption('name'))
    .action(async (options: ApplyOptions) => settle(await apply(io, options)));
}

function addDelete(program: Command, { io, settle }: CommandContext): void {
  reachingVerb(program, 'delete', 'delete objects')
    .argument('[type...]', 'TYPE NAME..., or TYPE/NAME...')
    .option('-f, --filename <file...>', `delete what these declare: ${filesHint}`)
    .option('-l, --selector <labels>', 'label selector')
    .option('-A, --all-namespaces', 'with --all or -l: in every namespace')
    .option('--all', 'all of the type in the namespace')
    .option('--ignore-not-found', 'no failure for what is not there')
    .option('--dry-run', 'let the server check, and change nothing')
    .option('--no-wait', 'do not wait for finalizers')
    .addOption(outputOption('name'))
    .action(async (args: string[], options: DeleteOptions) => settle(await deleteObjects(io, args, options)));
}

function addRenew(program: Command, { io, settle }: CommandContext): void {
  reachingVerb(program, 'renew', 'ask for new certificates now')
    .argument('[name...]', 'names of Certificates')
    .option('--all', 'every Certificate in the namespace')
    .option('-A, --all-namespaces', 'with --all, -l or --issuer: in every namespace')
    .option('-l, --selector <labels>', 'label selector')
    .option('--issuer <name>', 'every Certificate of this issuer: NAME, issuer/NAME or clusterissuer/NAME')
    .addOption(outputOption('name'))
    .action(async (names: string[], options: RenewOptions) => settle(await renew(io, names, options)));
}
