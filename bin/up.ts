import { resolve } from 'node:path';
import pino from 'pino';
import {
  exitCodes,
  lastRequestOf,
  openProgress,
  paint,
  readManifests,
  reasonOf,
  reportFailure,
  type CliIO,
  type ExitCode,
  type UpOptions,
} from '#edge/cli';
import { openClient, type ApiClient } from '#edge/api';
import type { CertificateRequest } from '#model/resources';
import { declare, settle, startInstallation, type Installation, type Settlement } from '#edge/installation';

/** `chancery up`: the whole control plane in the foreground, until a signal ends it. */
export async function up(io: CliIO, options: UpOptions, version: string): Promise<ExitCode> {
  const manifests = options.filename.length === 0 ? [] : await readManifests(io, options.filename);
  const directory = resolve(io.cwd, options.dataDir);
  const installation = await startInstallation({
    directory,
    apiPort: options.apiPort,
    version,
    secretsKey: io.env['CHANCERY_SECRETS_KEY'],
    expiryWebhooks: expiryWebhooks(io, options),
    logger: pino({ level: options.verbose ? 'info' : 'warn' }, pino.destination({ dest: 2, sync: true })),
  });
  try {
    io.out(`Chancery ${version}: API on ${installation.url}, data in ${directory}\n`);
    const startedAt = io.now();
    const summary = await declareAndSettle(io, installation, manifests);
    io.out(readyLine(io, summary, startedAt));
    io.out(hints(options, installation));
    await untilAborted(io.signal);
    io.out('Stopping.\n');
    return exitCodes.done;
  } catch (error) {
    if (io.signal.aborted) return exitCodes.done;
    throw error;
  } finally {
    await installation.stop();
  }
}

/** What the command line names, else the environment, separated by blanks. */
function expiryWebhooks({ env }: CliIO, { expiryWebhook }: UpOptions): readonly string[] {
  if (expiryWebhook.length > 0) return expiryWebhook;
  return (env['CHANCERY_EXPIRY_WEBHOOK'] ?? '').split(/\s+/).filter((address) => address !== '');
}

interface Summary extends Settlement {
  readonly declared: number;
  readonly refused: number;
  /** Of the certificates that are not ready: what they wait for. */
  readonly requests: readonly CertificateRequest[];
}

async function declareAndSettle(
  io: CliIO,
  installation: Installation,
  manifests: Parameters<typeof declare>[2],
): Promise<Summary> {
  if (manifests.length === 0) return { declared: 0, refused: 0, requests: [], ready: [], notReady: [] };
  const client = openClient(installation.access);
  try {
    const declarations = await declare(client, installation.registry, manifests);
    const refused = declarations.filter((one) => 'refused' in one);
    for (const { refused: error, place } of refused) {
      reportFailure(io, error, { place });
    }
    const accepted = declarations.flatMap((one) => ('object' in one ? [one.object] : []));
    const progress = openProgress(io);
    const settlement = await settle(client, installation.registry, accepted, {
      signal: io.signal,
      onProgress: ({ ready, notReady }) => progress.show(`${ready.length} of ${ready.length + notReady.length} ready`),
    });
    progress.clear();
    const requests = settlement.notReady.length === 0 ? [] : await Array.fromAsync(eachRequest(client));
    return { ...settlement, declared: accepted.length, refused: refused.length, requests };
  } finally {
    client.close();
  }
}

function eachRequest(client: ApiClient): AsyncGenerator<CertificateRequest> {
  return client.each({ group: 'cert-manager.io', version: 'v1', plural: 'certificaterequests', namespaced: true });
}

function readyLine(io: CliIO, { ready, notReady, declared, refused, requests }: Summary, startedAt: Date): string {
  if (declared + refused === 0) return 'Ready.\n';
  const seconds = ((io.now().getTime() - startedAt.getTime()) / 1000).toFixed(1);
  const of = (kind: string): string => {
    const count = ready.filter((object) => object.kind === kind).length;
    const all = count + notReady.filter((object) => object.kind === kind).length;
    return `${count} of ${all} ${kind === 'Certificate' ? 'certificates' : 'issuers'}`;
  };
  const failing = notReady.map(
    (object) =>
      `  ${paint(io, 'red', 'not ready')} ${object.kind} ${object.metadata.namespace ?? ''}/${object.metadata.name}: ${reasonOf(object, lastRequestOf(object, requests))}\n`,
  );
  const refusals = refused === 0 ? '' : `, ${refused} ${refused === 1 ? 'object' : 'objects'} refused`;
  return `${failing.join('')}Ready in ${seconds} s: ${of('Issuer')}, ${of('Certificate')}${refusals}.\n`;
}

function hints({ dataDir, filename }: UpOptions, { kubeconfig }: Installation): string {
  if (filename.length === 0) return `\n  kubectl --kubeconfig ${kubeconfig} get issuers,certificates -A\n`;
  const flag = dataDir === '.chancery' ? '' : ` --data-dir ${dataDir}`;
  return `
Look at it from another terminal:
  npx chancery status${flag}
  npx chancery get certificates -A${flag}
  kubectl --kubeconfig ${kubeconfig} get issuers,certificates -A
Ctrl-C stops it; everything is kept in the data directory.
`;
}

function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
