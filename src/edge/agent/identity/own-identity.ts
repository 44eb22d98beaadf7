import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import {
  agentsPath,
  formatKubeconfig,
  openClient,
  parseKubeconfig,
  type ClientAccess,
  type KubeconfigAccess,
} from '#edge/api';
import { CodedError } from '#errors';
import {
  buildCertificateRequest,
  formatCertificateRequestPEM,
  generateKeyAsync,
  p256,
  parseCertificatesPEM,
} from '#pki/x509';
import type { AgentLog } from '../agent-options.ts';
import { replaceFile } from '../files/durable.ts';

/** Where an agent without an identity gets one. */
export interface Enrolment {
  readonly server: string;
  /** PEM. */
  readonly ca: string | undefined;
  readonly token: string;
}

const requestType = 'application/x-pem-file';

/**
 * The kubeconfig with the agent's own certificate in its state directory: the one that is there and has not expired, else
 * one that the token is exchanged for. Fails with unauthorized for a token that is not good.
 */
export async function ensureIdentity(
  stateDirectory: string,
  enrolment: () => Promise<Enrolment>,
  now: Date,
): Promise<string> {
  const path = join(stateDirectory, 'agent.kubeconfig');
  await mkdir(stateDirectory, { recursive: true, mode: 0o700 });
  const known = await readIdentity(path);
  if (known !== undefined && now < lifeOf(known).notAfter) return path;
  const { server, ca, token } = await enrolment();
  await certify(path, { server, token, ...(ca === undefined ? {} : { ca }) });
  return path;
}

async function readIdentity(path: string): Promise<KubeconfigAccess | undefined> {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  return text === undefined ? undefined : parseKubeconfig(text, path);
}

function lifeOf({ cert = '' }: KubeconfigAccess): { readonly notBefore: Date; readonly notAfter: Date } {
  const [certificate] = parseCertificatesPEM(cert);
  if (certificate !== undefined) return certificate;
  throw new CodedError('bad-request', 'the identity of the agent holds no certificate');
}

/** A new key, and a certificate for it from the API; the file is replaced as a whole. */
async function certify(path: string, access: ClientAccess): Promise<void> {
  const key = await generateKeyAsync(p256);
  const request = formatCertificateRequestPEM(buildCertificateRequest(key, {}));
  const client = openClient({ ...access, userAgent: 'chancery-agent' });
  try {
    const cert = await client.text({ method: 'POST', path: agentsPath, body: request, contentType: requestType });
    const { server, ca } = access;
    const identity = { server, cert, key: key.toPEM('PKCS8'), ...(ca === undefined ? {} : { ca }) };
    await replaceFile(path, Buffer.from(formatKubeconfig(identity)), { mode: 0o600 });
  } finally {
    client.close();
  }
}

const shortestPauseMilliseconds = 5_000;

/** Renews the certificate in the kubeconfig when two thirds of its life are over, until `signal` is aborted. */
export async function keepIdentityFresh(path: string, log: AgentLog, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const access = await readIdentity(path);
    if (access === undefined) return;
    const { notBefore, notAfter } = lifeOf(access);
    const due = notBefore.getTime() + ((notAfter.getTime() - notBefore.getTime()) * 2) / 3;
    const pause = Math.max(due - Date.now(), 0);
    const isOver = await delay(Math.min(pause, 2 ** 31 - 1), false, { signal, ref: false }).catch(() => true);
    if (isOver) return;
    if (Date.now() < due) continue;
    try {
      await certify(path, access);
      log.info({}, 'renewed the own certificate');
    } catch (error) {
      log.warn(
        { error: String(error), until: notAfter.toISOString() },
        'cannot renew the own certificate; trying again',
      );
      await delay(shortestPauseMilliseconds, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }
}
