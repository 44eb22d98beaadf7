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
import type { GatewayNode } from '#edge/gateway';
import type { CertificateRequest } from '#model/resources';
import {
  declare,
  settle,
  startInstallation,
  startSampleBackends,
  type Installation,
  type Settlement,
} from '#edge/installation';
import { untilAborted } from './until-aborted.ts';
import { describeGateway, startEmbeddedGateway } from './up-gateway.ts';

/** `chancery up`: the whole control plane in the foreground, until a signal ends it. */
export async function up(io: CliIO, options: UpOptions, version: string): Promise<ExitCode> {
  const manifests = options.filename.length === 0 ? [] : await readManifests(io, options.filename);
  const directory = resolve(io.cwd, options.dataDir);
  const log = pino({ level: options.verbose ? 'info' : 'warn' }, pino.destination({ dest: 2, sync: true }));
  const installation = await startInstallation({
    directory,
    apiPort: options.apiPort,
    version,
    secretsKey: io.env['CHANCERY_SECRETS_KEY'],
    expiryWebhooks: expiryWebhooks(io, options),
    logger: log,
  });
  const running: (() => Promise<void> | void)[] = [() => installation.stop()];
  try {
    io.out(`Chancery ${version}: API on ${installation.url}, data in ${directory}\n`);
    const startedAt = io.now();
    const node = options.gateway
      ? await startEmbeddedGateway(io, options, installation, { directory, version, log })
      : undefined;
    if (node !== undefined) running.push(() => node.stop(drainMilliseconds));
    const summary = await declareAndSettle(io, installation, manifests);
    io.out(readyLine(io, summary, startedAt));
    running.push(...(await announce(io, options, installation, node, directory)));
    io.out(hints(options, installation));
    await untilAborted(io.signal);
    io.out('Stopping.\n');
    return exitCodes.done;
  } catch (error) {
    if (io.signal.aborted) return exitCodes.done;
    throw error;
  } finally {
    for (const stop of running.toReversed()) await stop();
  }
}

const drainMilliseconds = 5_000;

/** Starts the sample backends when they are wanted, and says what the gateway serves. Answers what to stop in the end. */
async function announce(
  io: CliIO,
  options: UpOptions,
  { access }: Installation,
  node: GatewayNode | undefined,
  directory: string,
): Promise<(() => void)[]> {
  const client = openClient(access);
  const stops = [() => client.close()];
  if (options.sampleBackends) {
    const backends = await startSampleBackends(client);
    for (const problem of backends.problems) io.err(`${paint(io, 'red', 'not started')} ${problem}\n`);
    stops.push(() => backends.stop());
  }
  if (node !== undefined) io.out(await describeGateway(io, client, node, directory));
  return stops;
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
