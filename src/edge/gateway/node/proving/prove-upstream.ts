import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { UpstreamPlan } from '#model/gateways';
import { dial, type Dialled, type DialOptions } from '../../backends/dial.ts';
import { classifyBackendError, type BackendFailure } from '../../failures/classify.ts';
import { presentedOf } from './presented.ts';
import type { Proof } from './proof.ts';

/** Shortest and longest time that a backend gets to turn a client certificate away after the handshake. */
const shortestPatienceMilliseconds = 25;
const longestPatienceMilliseconds = 1000;

/**
 * Proves how an endpoint is dialled, by full handshakes with the backend: with the plan's trust it is accepted, and
 * without any trust it is refused, so that its acceptance rests on that trust and on nothing else.
 */
export async function proveUpstream(plan: UpstreamPlan, timeoutMilliseconds: number): Promise<Proof> {
  const { failure, shown } = await meet(plan, timeoutMilliseconds);
  const presented = presentedOf(shown);
  const proof = failure === undefined ? await proveTrust(plan, timeoutMilliseconds) : failed(failure);
  return presented === undefined ? proof : { ...proof, presented };
}

async function proveTrust(plan: UpstreamPlan, timeoutMilliseconds: number): Promise<Proof> {
  if (!plan.secure) return { verdict: 'proven', message: 'plain HTTP: the backend answers, and nothing is protected' };
  if (plan.settings.insecureServerConnections === true) {
    return { verdict: 'proven', message: 'nothing is verified (insecureServerConnections)' };
  }
  const dialled = await dialOnce(plan, { timeoutMilliseconds, trustNothing: true });
  if (!dialled.ok) return isRefusal(dialled.failure) ? { verdict: 'proven' } : failed(dialled.failure);
  close(dialled.socket);
  const message = 'the backend is accepted without any trust, too: its certificate is not being verified';
  return { verdict: 'failed', code: 'trust-not-enforced', message };
}

/** A backend that does not answer says nothing about what is loaded. */
function failed({ code, reason, message }: BackendFailure): Proof {
  const isSilent = code === 'backend-unreachable' || code === 'backend-timeout';
  const text = message.includes(reason) ? message : `${message} (${reason})`;
  return { verdict: isSilent ? 'unknown' : 'failed', code, message: text };
}

function isRefusal({ code }: BackendFailure): boolean {
  return code.startsWith('backend-certificate-') || code === 'backend-name-mismatch';
}

interface Meeting {
  readonly failure: BackendFailure | undefined;
  readonly shown: Dialled['shown'];
}

async function meet(plan: UpstreamPlan, timeoutMilliseconds: number): Promise<Meeting> {
  const started = performance.now();
  const dialled = await dialOnce(plan, { timeoutMilliseconds });
  if (!dialled.ok) return dialled;
  const { socket, shown } = dialled;
  const refusal = plan.identity === undefined ? undefined : await lateRefusal(socket, performance.now() - started);
  close(socket);
  return { failure: refusal && classifyBackendError(refusal, 'handshaking'), shown };
}

/**
 * With TLS 1.3 a client is connected before the server has looked at its certificate. The first session ticket says that
 * it was taken; a server that sends none gets as long as the handshake took, and longer when that was short.
 */
function lateRefusal(socket: Socket, handshakeMilliseconds: number): Promise<Error | undefined> {
  if ((socket as TLSSocket).getProtocol() !== 'TLSv1.3') return Promise.resolve(undefined);
  const patience = Math.min(longestPatienceMilliseconds, Math.max(shortestPatienceMilliseconds, handshakeMilliseconds));
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(undefined), patience);
    const finish = (refusal?: Error): void => {
      clearTimeout(timer);
      resolve(refusal);
    };
    for (const sign of ['session', 'data']) socket.once(sign, () => finish());
    socket.once('error', finish);
    socket.once('end', () => finish(silentRefusal()));
    socket.resume();
  });
}

/** Node's own server closes without an alert. */
function silentRefusal(): Error {
  const message = 'the backend closed the connection when it saw the client certificate';
  return Object.assign(new Error(message), { code: 'ERR_SSL_TLSV1_ALERT_ACCESS_DENIED' });
}

function dialOnce(plan: UpstreamPlan, options: DialOptions): Promise<Dialled> {
  return new Promise((resolve) => dial(plan, options, resolve));
}

function close(socket: Socket): void {
  socket.on('error', () => undefined);
  socket.destroy();
}
