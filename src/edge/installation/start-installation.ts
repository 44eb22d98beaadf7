import { Registry, collectDefaultMetrics } from 'prom-client';
import { CodedError } from '#errors';
import type { ClientAccess } from '#edge/api';
import { startServer, type RunningServer, type ServerLogger } from '#edge/server';
import { startControllers, type Controllers, type Log } from '#control/controllers';
import { WorkerCrypto, systemClock } from '#control/runtime';
import { openSqliteStore, type ResourceStore } from '#control/store';
import { builtinKinds, createRegistry, type KindRegistry } from '#model/resources';
import { createAgentSource } from './agents/agent-source.ts';
import { openExpiryWebhooks, type ExpiryWebhooks } from './expiry-webhooks.ts';
import { ensureIdentities, tokenDigest, writeKubeconfigs, type Identities } from './identities.ts';

export interface InstallationOptions {
  readonly directory: string;
  /** Port of the API on 127.0.0.1; 0 takes any free one. */
  readonly apiPort: number;
  readonly version: string;
  /** The key that opens stored Secrets, when it is not in the data directory. */
  readonly secretsKey?: string | undefined;
  /** Addresses that are told when certificates come near their end. */
  readonly expiryWebhooks?: readonly string[];
  readonly logger: Log & ServerLogger;
}

export interface Installation {
  readonly url: string;
  readonly registry: KindRegistry;
  /** How to reach the API as the administrator. */
  readonly access: ClientAccess;
  /** Paths of the administrator's and the viewer's kubeconfig. */
  readonly kubeconfig: string;
  readonly viewerKubeconfig: string;
  /** Path of the kubeconfig with which gateway nodes watch the API. */
  readonly gatewayKubeconfig: string;
  stop(): Promise<void>;
}

const host = '127.0.0.1';
const identityCheckMilliseconds = 3_600_000;

/**
 * Opens the data directory and starts everything in it. Fails with the store's codes, address-taken when the port is in
 * use, and leaves nothing running.
 */
export async function startInstallation(options: InstallationOptions): Promise<Installation> {
  const webhooks = openExpiryWebhooks(options.expiryWebhooks ?? [], options.logger);
  const registry = createRegistry(builtinKinds);
  const store = await openSqliteStore({ registry, dataDirectory: options.directory, secretsKey: options.secretsKey });
  const undo: Undo = [() => store.close(), () => webhooks.stop()];
  try {
    const running = await startParts(options, { registry, store, webhooks }, undo);
    return { ...running, registry, stop: () => runBackwards(undo) };
  } catch (error) {
    await runBackwards(undo);
    throw error;
  }
}

type Undo = (() => Promise<void> | void)[];

/** What is there before anything runs. */
interface OwnParts {
  readonly registry: KindRegistry;
  readonly store: ResourceStore;
  readonly webhooks: ExpiryWebhooks;
}

async function startParts(
  options: InstallationOptions,
  { registry, store, webhooks }: OwnParts,
  undo: Undo,
): Promise<Omit<Installation, 'registry' | 'stop'>> {
  const identities = await ensureIdentities(options.directory, new Date());
  const metrics = new Registry();
  collectDefaultMetrics({ register: metrics });
  const crypto = new WorkerCrypto({
    onFailure: (error) => options.logger.error({ error: error.message }, 'a crypto worker failed'),
  });
  undo.push(() => crypto.close());
  const controllers = await startControllers({
    store,
    registry,
    metrics,
    crypto,
    logger: options.logger,
    clock: systemClock,
    installDefaults: true,
    onExpiry: (message) => webhooks.send(message),
  });
  undo.push(() => controllers.stop());
  const server = await listen(options, { registry, store, metrics, identities, controllers });
  undo.push(() => server.close());
  undo.push(keepIdentitiesFresh(options, server));
  const paths = await writeKubeconfigs(options.directory, server.url, identities);
  return {
    url: server.url,
    access: { ...identities.administrator, server: server.url },
    kubeconfig: paths.administrator,
    viewerKubeconfig: paths.viewer,
    gatewayKubeconfig: paths.gateway,
  };
}

/** What the API server is made from. */
interface ServerParts {
  readonly registry: KindRegistry;
  readonly store: ResourceStore;
  readonly metrics: Registry;
  readonly identities: Identities;
  readonly controllers: Controllers;
}

async function listen(
  { apiPort, logger, version }: InstallationOptions,
  { registry, store, metrics, identities, controllers }: ServerParts,
): Promise<RunningServer> {
  return startServer({
    store,
    registry,
    tls: identities.tls,
    tokens: identities.tokens,
    host,
    port: apiPort,
    logger,
    metrics: () => metrics.metrics(),
    agents: createAgentSource({ store, authority: () => identities.authority, now: () => new Date() }),
    deletionGuard: controllers.guardDeletion,
    expiry: {
      list: (query) => controllers.expiring(query),
      calendarTokenSHA256: tokenDigest(identities.calendarToken),
    },
    now: () => new Date(),
    version,
  }).catch((error: unknown) => {
    throw explainListenFailure(error, apiPort);
  });
}

function explainListenFailure(error: unknown, port: number): unknown {
  if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') return error;
  return new CodedError('address-taken', `another process listens on ${host}:${port}`, {
    hint: 'Stop it, or choose another port with --api-port.',
    cause: error,
  });
}

/** The API's own certificates must not run out while the process lives. */
function keepIdentitiesFresh({ directory, logger }: InstallationOptions, server: RunningServer): () => void {
  const renew = async (): Promise<void> => {
    const identities = await ensureIdentities(directory, new Date());
    server.replaceCertificate(identities.tls);
    await writeKubeconfigs(directory, server.url, identities);
  };
  const timer = setInterval(() => {
    renew().catch((error: unknown) =>
      logger.error({ error: String(error) }, 'could not renew the identities of the API'),
    );
  }, identityCheckMilliseconds);
  timer.unref();
  return () => clearInterval(timer);
}

async function runBackwards(undo: Undo): Promise<void> {
  for (const step of undo.splice(0).toReversed()) await step();
}
