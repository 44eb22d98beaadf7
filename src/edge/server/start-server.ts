import type { AddressInfo } from 'node:net';
import type { Server } from 'node:https';
import type { FastifyInstance } from 'fastify';
import type { TLSMaterial, ServerOptions } from './server-options.ts';
import { defaultLimits } from './server-options.ts';
import { createDocuments } from './documents/documents.ts';
import { openListener } from './listener.ts';
import { createRequestMetrics } from './request-metrics.ts';
import type { ServerContext } from './server-context.ts';
import { OpenWatches } from './watching/open-watches.ts';

/** A server that accepts requests. */
export interface RunningServer {
  /** `https://127.0.0.1:9443` */
  readonly url: string;
  readonly port: number;
  readonly openWatches: number;
  /** Serves new connections with another certificate; open ones keep theirs. */
  replaceCertificate(tls: TLSMaterial): void;
  /** Lets running requests finish, ends watches with their last piece, and closes every connection. */
  close(): Promise<void>;
}

/** How long running requests may take to finish once the server closes. */
const drainMilliseconds = 5000;

/** Starts the API server. Fails with the system's error when the address is taken. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const context = createContext(options);
  const app = openListener(context, options);
  await app.listen({ host: options.host, port: options.port });
  const server = app.server as Server;
  const { port } = server.address() as AddressInfo;
  return {
    url: `https://${options.host.includes(':') ? `[${options.host}]` : options.host}:${port}`,
    port,
    get openWatches() {
      return context.watches.count;
    },
    replaceCertificate: ({ key, cert, clientCA }) => server.setSecureContext({ key, cert, ca: clientCA }),
    close: () => closeGracefully(context, app),
  };
}

// A connection that falls idle while the server drains would otherwise be kept for its keep-alive time.
async function closeGracefully(context: ServerContext, app: FastifyInstance): Promise<void> {
  const server = app.server as Server;
  context.watches.close();
  const idle = setInterval(() => server.closeIdleConnections(), 50);
  const late = setTimeout(() => server.closeAllConnections(), drainMilliseconds);
  await app.close();
  clearInterval(idle);
  clearTimeout(late);
}

function createContext(options: ServerOptions): ServerContext {
  const limits = { ...defaultLimits, ...options.limits };
  const watches = new OpenWatches(limits.openWatches, limits.heartbeatMilliseconds);
  const requests = createRequestMetrics(() => watches.count);
  return {
    store: options.store,
    registry: options.registry,
    documents: createDocuments(options.registry, options.version),
    limits,
    logger: options.logger,
    watches,
    requests,
    deletionGuard: options.deletionGuard,
    now: () => options.now(),
    metrics: async () => `${await options.metrics()}${await requests.text()}`,
    ready: () => options.ready?.() ?? true,
    expiry: options.expiry,
    agents: options.agents,
  };
}
