import { once } from 'node:events';
import type { RequestListener } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { ApiClient } from '#edge/api';
import { endpointCertificateKind, secretKind, type EndpointCertificate, type Secret } from '#model/resources';
import { answerOrders } from './orders.ts';
import { answerPetstore } from './petstore.ts';

/** A backend of examples/gateway.yaml: where it listens, and the Secrets that it takes its material from. */
interface Sample {
  readonly name: string;
  readonly port: number;
  readonly answer: RequestListener;
  /** The API owner adds its certificate as one that is trusted at its endpoint. */
  readonly isAdded: boolean;
}

const host = '127.0.0.1';
const namespace = 'demo';
/** Whoever shows a certificate of the CA of that Secret is let in. */
const callers = 'gateway-client';

const samples: readonly Sample[] = [
  { name: 'petstore-backend', port: 9551, answer: answerPetstore, isAdded: false },
  { name: 'orders-backend', port: 9552, answer: answerOrders, isAdded: true },
];

export interface SampleBackends {
  /** What could not be started, and why, in words. */
  readonly problems: readonly string[];
  stop(): void;
}

/** Starts the backends with what the Secrets hold by now. They follow renewals of their certificates. */
export async function startSampleBackends(client: ApiClient): Promise<SampleBackends> {
  const stop = new AbortController();
  const problems: string[] = [];
  for (const sample of samples) {
    await start(client, sample, stop.signal).catch((error: unknown) => {
      problems.push(`sample backend ${sample.name}: ${problemOf(error, sample)}`);
    });
  }
  return { problems, stop: () => stop.abort() };
}

function problemOf(error: unknown, { port }: Sample): string {
  if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') return `another process listens on ${host}:${port}`;
  return error instanceof Error ? error.message : String(error);
}

async function start(client: ApiClient, sample: Sample, signal: AbortSignal): Promise<void> {
  const material = await materialOf(client, sample);
  const server = createServer({ ...material, requestCert: true, rejectUnauthorized: true }, sample.answer);
  server.on('tlsClientError', () => undefined).listen(sample.port, host);
  await once(server, 'listening');
  signal.addEventListener('abort', () => server.close().closeAllConnections(), { once: true });
  if (sample.isAdded) await addCertificate(client, sample, material.cert);
  void followRenewals(client, sample, server, signal).catch(() => undefined);
}

interface Material {
  readonly cert: string;
  readonly key: string;
  readonly ca: string;
}

async function materialOf(client: ApiClient, { name }: Sample): Promise<Material> {
  const [own, theirs] = await Promise.all(
    [name, callers].map((name) => client.get<Secret>(secretKind, name, namespace)),
  );
  return { cert: read(own!, 'tls.crt'), key: read(own!, 'tls.key'), ca: read(theirs!, 'ca.crt') };
}

function read({ data }: Secret, key: string): string {
  return Buffer.from(data?.[key] ?? '', 'base64').toString();
}

async function followRenewals(client: ApiClient, sample: Sample, server: Server, signal: AbortSignal): Promise<void> {
  for (;;) {
    for await (const { type, object } of client.watch<Secret>(secretKind, { namespace, signal })) {
      if (type !== 'MODIFIED' || ![sample.name, callers].includes(object.metadata.name)) continue;
      const material = await materialOf(client, sample);
      if (sample.isAdded) await addCertificate(client, sample, material.cert);
      server.setSecureContext(material);
    }
    if (signal.aborted) return;
  }
}

/** What an API owner does with `chancery endpoint-certs add`. */
async function addCertificate(client: ApiClient, { name, port }: Sample, certificate: string): Promise<void> {
  const metadata = { name, namespace };
  const spec = { alias: name, endpoint: `localhost:${port}`, certificate };
  const object = { apiVersion: 'chancery.dev/v1', kind: 'EndpointCertificate', metadata, spec };
  await client.apply<EndpointCertificate>(endpointCertificateKind, object, {
    fieldManager: 'chancery-samples',
    force: true,
  });
}
