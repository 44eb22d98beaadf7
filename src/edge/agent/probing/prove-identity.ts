import { done, failed, type Step } from '../step.ts';
import { shake } from './shake.ts';
import { placeOf, type ProbedListener } from './targets.ts';

/** Several processes may serve one port, and one of them may still be an old one. */
const handshakesInARow = 3;

/** Whether every listener shows the certificate, in full handshakes. */
export async function proveIdentity(
  listeners: readonly ProbedListener[],
  fingerprint: string,
  timeoutMilliseconds: number,
): Promise<Step> {
  for (const listener of listeners) {
    for (let count = 0; count < handshakesInARow; count += 1) {
      const shaken = await shake(listener.target, { timeoutMilliseconds });
      if (shaken.fingerprint === undefined) return failed('no-handshake', `${placeOf(listener)}: ${shaken.end}`);
      if (shaken.fingerprint !== fingerprint) {
        const message = `${placeOf(listener)} shows the certificate ${shaken.fingerprint} instead of ${fingerprint}`;
        return failed('other-certificate', message);
      }
    }
  }
  return done;
}
