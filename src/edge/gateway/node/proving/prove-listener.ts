import { createHash } from 'node:crypto';
import { connect, type TLSSocket } from 'node:tls';
import type { ListenerPlan } from '#model/gateways';
import type { Proof } from './proof.ts';

export interface ListenerAddress {
  readonly host: string;
  readonly port: number;
}

/** Whatever the profile offers, the proof can speak it: it wants to see the certificate, not to be safe. */
export const everySuite =
  'TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_GCM_SHA256:TLS_AES_128_CCM_SHA256:' +
  'TLS_AES_128_CCM_8_SHA256:ALL:@SECLEVEL=0';

/**
 * Proves a listener from outside, by full handshakes with the gateway's own port: the certificate that is wanted is
 * shown, and where client certificates are required, a caller without one is turned away.
 */
export async function proveListener(
  plan: ListenerPlan,
  address: ListenerAddress,
  timeoutMilliseconds: number,
): Promise<Proof> {
  const isRequired = plan.settings.mutualAuthentication === 'require';
  const seen = await shake(plan.host, address, isRequired, timeoutMilliseconds);
  if (seen.fingerprint === undefined) return { verdict: 'failed', code: 'no-handshake', message: seen.end };
  if (seen.fingerprint !== plan.identity.fingerprint) {
    const message = `${plan.host} shows the certificate ${seen.fingerprint} instead of ${plan.identity.fingerprint}`;
    return { verdict: 'failed', code: 'other-certificate', message };
  }
  if (isRequired && !seen.isRefused) {
    return {
      verdict: 'failed',
      code: 'client-not-refused',
      message: `${plan.host} takes callers without a certificate`,
    };
  }
  return { verdict: 'proven' };
}

/** A name that the pattern serves; none for `*`, which serves callers that name none. */
export function serverNameOf(pattern: string): string | undefined {
  if (pattern === '*') return undefined;
  return pattern.startsWith('*.') ? `chancery-proof${pattern.slice(1)}` : pattern;
}

interface Seen {
  readonly fingerprint: string | undefined;
  /** The gateway ended the connection. */
  readonly isRefused: boolean;
  readonly end: string;
}

function shake(pattern: string, address: ListenerAddress, waitsForEnd: boolean, milliseconds: number): Promise<Seen> {
  const servername = serverNameOf(pattern);
  return new Promise((resolve) => {
    const socket = connect({
      ...address,
      ...(servername === undefined ? {} : { servername }),
      rejectUnauthorized: false,
      minVersion: 'TLSv1',
      ciphers: everySuite,
    });
    let fingerprint: string | undefined;
    const finish = (isRefused: boolean, end: string): void => {
      clearTimeout(timer);
      fingerprint ??= fingerprintOf(socket);
      socket.destroy();
      resolve({ fingerprint, isRefused, end });
    };
    const timer = setTimeout(() => finish(false, `no end of the handshake within ${milliseconds} ms`), milliseconds);
    socket.once('secureConnect', () => {
      fingerprint = fingerprintOf(socket);
      if (!waitsForEnd) finish(false, 'connected');
    });
    // With TLS 1.3 the caller is turned away after it believes to be connected.
    socket.on('error', (error: NodeJS.ErrnoException) => finish(true, error.message));
    socket.once('end', () => finish(true, 'the connection was closed'));
    socket.once('close', () => finish(true, 'the connection was closed'));
    socket.resume();
  });
}

function fingerprintOf(socket: TLSSocket): string | undefined {
  const raw = socket.getPeerX509Certificate()?.raw;
  return raw === undefined ? undefined : createHash('sha256').update(raw).digest('hex');
}
