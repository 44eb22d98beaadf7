import { InvalidArgumentError, type Command } from 'commander';
import {
  addEndpointCertificate,
  removeEndpointCertificate,
  replaceEndpointCertificate,
  type ChangeOptions,
  type RemoveOptions,
} from '../verbs/endpoint-certs/change.ts';
import {
  listEndpointCertificates,
  showEndpointCertificate,
  type ListOptions,
  type ShowOptions,
} from '../verbs/endpoint-certs/look.ts';
import { showUsageOfEndpointCertificate, type WhereUsedOptions } from '../verbs/usage/where-used.ts';
import type { CommandContext } from './context.ts';
import { outputOption, reachingVerb } from './options.ts';

/** `chancery endpoint-certs ...`: which backend certificates are trusted where. */
export function addEndpointCertsVerbs(program: Command, context: CommandContext): void {
  const group = program
    .command('endpoint-certs')
    .description('certificates of backends: add, list, show, usage, remove, replace');
  addChangingVerbs(group, context);
  addLookingVerbs(group, context);
}

function addChangingVerbs(group: Command, { io, settle }: CommandContext): void {
  changing(group, 'add', 'trust the certificates of a file at one endpoint')
    .argument('<alias>', 'name for people')
    .argument('<endpoint>', 'https URL, HOST:PORT, or HOST for every port of it')
    .argument('<file>', 'PEM, DER, PKCS#7, PKCS#12, JKS or JCEKS file, or - for the input')
    .action(async (alias: string, endpoint: string, file: string, options: ChangeOptions) =>
      settle(await addEndpointCertificate(io, [alias, endpoint, file], options)),
    );
  changing(group, 'replace', 'put other certificates under an alias')
    .argument('<alias>')
    .argument('<file>', 'the new certificates')
    .action(async (alias: string, file: string, options: ChangeOptions) =>
      settle(await replaceEndpointCertificate(io, [alias, file], options)),
    );
  reachingVerb(group, 'remove', 'trust it no more; refused while APIs use it')
    .argument('<alias>')
    .option('--force <reason>', 'remove what is in use; who did it and why is recorded')
    .action(async (alias: string, options: RemoveOptions) =>
      settle(await removeEndpointCertificate(io, alias, options)),
    );
}

function changing(group: Command, name: string, description: string): Command {
  return reachingVerb(group, name, description)
    .option('--allow-expired', 'take a certificate although it has expired')
    .option('--password-file <file>', 'file with the password of a keystore (default: $CHANCERY_PASSWORD)')
    .option('--wait', 'wait until the gateway nodes have proven it, and name those that have not')
    .option('--timeout <seconds>', 'how long --wait waits', parseSeconds, 10);
}

function parseSeconds(text: string): number {
  const seconds = Number(text);
  if (Number.isFinite(seconds) && seconds > 0) return seconds;
  throw new InvalidArgumentError('Seconds are a number above 0.');
}

function addLookingVerbs(group: Command, { io, settle }: CommandContext): void {
  reachingVerb(group, 'list', 'all of a namespace')
    .option('-A, --all-namespaces', 'in every namespace')
    .addOption(outputOption('wide', 'json', 'yaml'))
    .action(async (options: ListOptions) => settle(await listEndpointCertificates(io, options)));
  reachingVerb(group, 'show', 'everything about one')
    .argument('<alias>')
    .addOption(outputOption('json', 'yaml'))
    .action(async (alias: string, options: ShowOptions) => settle(await showEndpointCertificate(io, alias, options)));
  reachingVerb(group, 'usage', 'the APIs and nodes that use one')
    .argument('<alias>')
    .addOption(outputOption('json', 'yaml'))
    .action(async (alias: string, options: WhereUsedOptions) =>
      settle(await showUsageOfEndpointCertificate(io, alias, options)),
    );
}
