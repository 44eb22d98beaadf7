import type { X509Certificate } from 'node:crypto';
import type { TLSSocket } from 'node:tls';
import type { UpstreamPlan } from '#model/gateways';
import { checkName } from './check-name.ts';

/**
 * Why a backend is refused whose certificate may have expired: everything that Node found, but for the end of exactly the
 * certificate that somebody has taken with `allowExpired`. That one is trusted as such, and still has to bear the name.
 */
export function expiredRefusal(
  socket: TLSSocket,
  { host, expiredAllowed }: UpstreamPlan,
  shown: readonly X509Certificate[],
): Error | undefined {
  if (socket.authorized) return undefined;
  const code = String(socket.authorizationError);
  if (code !== 'CERT_HAS_EXPIRED' || !isAmong(expiredAllowed, shown[0])) {
    return Object.assign(new Error(`the certificate of the backend was refused: ${code}`), { code });
  }
  return checkName(host, socket.getPeerCertificate());
}

function isAmong(fingerprints: readonly string[], certificate: X509Certificate | undefined): boolean {
  return fingerprints.includes(certificate?.fingerprint256.replaceAll(':', '').toLowerCase() ?? '');
}
