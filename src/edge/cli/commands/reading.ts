import type { Command } from 'commander';
import { describe, type DescribeOptions } from '../verbs/describe/describe.ts';
import { expiring, type ExpiringOptions } from '../verbs/expiring/expiring.ts';
import { calendar } from '../verbs/calendar/calendar.ts';
import { explain, type ExplainOptions } from '../verbs/explain/explain.ts';
import { get, type GetOptions } from '../verbs/get/get.ts';
import { inspect, type InspectOptions } from '../verbs/inspect/inspect.ts';
import { status, type StatusOptions } from '../verbs/status/status.ts';
import type { CommandContext } from './context.ts';
import { outputOption, parseCount, reachingVerb, verb } from './options.ts';

/** The verbs that change nothing. */
export function addReadingVerbs(program: Command, context: CommandContext): void {
  addGet(program, context);
  addDescribe(program, context);
  addStatus(program, context);
  addExpiring(program, context);
  addCalendar(program, context);
  addInspect(program, context);
  addExplain(program, context);
}

function addGet(program: Command, { io, settle }: CommandContext): void {
  reachingVerb(program, 'get', 'list objects, or show some by name')
    .argument('<type...>', 'TYPE, TYPE NAME..., TYPE/NAME..., or a category such as cert-manager')
    .addOption(outputOption('wide', 'yaml', 'json', 'name'))
    .option('-A, --all-namespaces', 'objects of every namespace')
    .option('-l, --selector <labels>', 'label selector')
    .option('--field-selector <fields>', 'field selector, such as spec.issuerRef.name=my-ca')
    .option('-w, --watch', 'go on and show changes')
    .option('--no-headers', 'no heading above the table')
    .option('--ignore-not-found', 'no failure for what is not there')
    .option('--show-managed-fields', 'with -o yaml or json: who owns which field too')
    .action(async (args: string[], options: GetOptions) => settle(await get(io, args, options)));
}

function addDescribe(program: Command, { io, settle }: CommandContext): void {
  reachingVerb(program, 'describe', 'show objects in words, with their events')
    .argument('<type...>', 'TYPE NAME..., TYPE/NAME..., or TYPE for all')
    .option('-A, --all-namespaces', 'objects of every namespace')
    .option('-l, --selector <labels>', 'label selector')
    .action(async (args: string[], options: DescribeOptions) => settle(await describe(io, args, options)));
}

function addStatus(program: Command, { io, settle }: CommandContext): void {
  reachingVerb(program, 'status', 'one screen: what is ready, what fails and why, what expires next')
    .option('-A, --all-namespaces', 'every namespace, as it is without -n')
    .addOption(outputOption('yaml', 'json'))
    .action(async (options: StatusOptions) => settle(await status(io, options)));
}

function addExpiring(program: Command, { io, settle }: CommandContext): void {
  reachingVerb(program, 'expiring', 'certificates that end soon: issued, uploaded, in stores, and seen at backends')
    .option('--within <span>', 'how far to look ahead: 30d, 2w, 36h', '30d')
    .option('--limit <count>', 'at most so many, the most urgent first', parseCount, 500)
    .option('-A, --all-namespaces', 'every namespace, as it is without -n')
    .addOption(outputOption('wide', 'yaml', 'json'))
    .action(async (options: ExpiringOptions) => settle(await expiring(io, options)));
}

function addCalendar(program: Command, { io, settle }: CommandContext): void {
  verb(program, 'calendar', 'print the address of the calendar of certificates that expire; keep it secret')
    .option('--data-dir <dir>', 'data directory of the server', '.chancery')
    .action((options: { dataDir: string }) => settle(calendar(io, options)));
}

function addInspect(program: Command, { io, settle }: CommandContext): void {
  reachingVerb(program, 'inspect', 'say what is in a certificate, key, request or keystore, and what is wrong with it')
    .argument('<what>', 'FILE, - for the input, secret/NAME, or HOST:PORT')
    .option('--password-file <file>', 'file that holds the password of a keystore (or set CHANCERY_PASSWORD)')
    .option('--server-name <name>', 'name to ask a HOST:PORT for (default: HOST)')
    .addOption(outputOption('yaml', 'json'))
    .action(async (what: string, options: InspectOptions) => settle(await inspect(io, what, options)));
}

function addExplain(program: Command, { io, settle }: CommandContext): void {
  reachingVerb(program, 'explain', 'what a kind or a field means')
    .argument('<path>', 'TYPE, or TYPE.FIELD...')
    .option('--recursive', 'all fields below')
    .action(async (path: string, options: ExplainOptions) => settle(await explain(io, path, options)));
}
