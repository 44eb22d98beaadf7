import { Option, type Command } from 'commander';
import { importWSO2, type ImportWSO2Options } from '../verbs/import/import-wso2.ts';
import {
  addKeystore,
  addTruststore,
  type AddKeystoreOptions,
  type AddTruststoreOptions,
} from '../verbs/stores/add-store.ts';
import { exportStore, storeFormats, type ExportOptions, type StoreKind } from '../verbs/stores/export-store.ts';
import { whereUsed, type WhereUsedOptions } from '../verbs/usage/where-used.ts';
import type { CommandContext } from './context.ts';
import { addEndpointCertsVerbs } from './endpoint-certs.ts';
import { outputOption, reachingVerb } from './options.ts';

/** The verbs about keystores, truststores and certificates of backends. */
export function addTLSVerbs(program: Command, context: CommandContext): void {
  addEndpointCertsVerbs(program, context);
  addKeystoreVerbs(program, context);
  addTruststoreVerbs(program, context);
  addWhereUsed(program, context);
  addImport(program, context);
}

function addKeystoreVerbs(program: Command, context: CommandContext): void {
  const { io, settle } = context;
  const group = program.command('keystores').description('keystore files: add, export');
  reachingVerb(group, 'add', 'keep a keystore file, or a certificate with its key')
    .argument('<name>', 'name of the Keystore')
    .argument('<file>', 'PKCS#12, JKS, JCEKS or PEM file; - for the input')
    .option('--key <file>', 'file with the private key, when it is apart')
    .option('--password-file <file>', 'file with the password (default: $CHANCERY_PASSWORD)')
    .option('--key-password-file <file>', 'file with the password of the key, when it has one of its own')
    .option('--alias <alias>', 'which entry, when there are several keys')
    .option('--title <text>', 'name for people')
    .action(async (name: string, file: string, options: AddKeystoreOptions) =>
      settle(await addKeystore(io, name, file, options)),
    );
  addExport(group, context, 'keystore');
}

function addTruststoreVerbs(program: Command, context: CommandContext): void {
  const { io, settle } = context;
  const group = program.command('truststores').description('trusted certificates: add, export');
  reachingVerb(group, 'add', 'trust the certificates of a file')
    .argument('<name>', 'name of the Truststore')
    .argument('<file>', 'PEM, DER, PKCS#7, PKCS#12, JKS or JCEKS file; - for the input')
    .option('--password-file <file>', 'file with the password (default: $CHANCERY_PASSWORD)')
    .option('--title <text>', 'name for people')
    .action(async (name: string, file: string, options: AddTruststoreOptions) =>
      settle(await addTruststore(io, name, file, options)),
    );
  addExport(group, context, 'truststore');
}

function addExport(group: Command, { io, settle }: CommandContext, kind: StoreKind): void {
  reachingVerb(group, 'export', `write a ${kind} to a file, mode 0600`)
    .argument('<name>', `name of the ${kind}`)
    .addOption(
      new Option('--format <format>', 'form of the file').choices(Object.keys(storeFormats)).makeOptionMandatory(),
    )
    .option('--password-file <file>', 'file with the password to write it with (default: $CHANCERY_PASSWORD)')
    .requiredOption('-o, --output <file>', 'the file to write; of der, the folder')
    .action(async (name: string, options: ExportOptions) => settle(await exportStore(io, kind, name, options)));
}

function addWhereUsed(program: Command, { io, settle }: CommandContext): void {
  reachingVerb(program, 'where-used', 'who uses a certificate, store or profile, and through what')
    .argument('<what>', 'TYPE/NAME, a SHA-256 fingerprint, or a certificate file')
    .addOption(outputOption('json', 'yaml'))
    .action(async (what: string, options: WhereUsedOptions) => settle(await whereUsed(io, what, options)));
}

function addImport(program: Command, { io, settle }: CommandContext): void {
  const group = program.command('import').description('take over what another product is configured with: wso2');
  reachingVerb(group, 'wso2', "the stores and SSL profiles of a WSO2 API Manager's deployment.toml")
    .argument('<file>', 'the deployment.toml')
    .option('--security-dir <dir>', 'where its keystore files are (default: beside it, and ../resources/security)')
    .option('--prefix <text>', 'what the names of the objects begin with', 'wso2')
    .option('--dry-run', 'let the server check, and change nothing')
    .action(async (file: string, options: ImportWSO2Options) => settle(await importWSO2(io, file, options)));
}
