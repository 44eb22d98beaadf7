import { leafOf } from '../material.ts';
import { secretKey } from '../names.ts';
import { renewalInstant } from '../renewal-instant.ts';
import { goTimeText, rfc1123 } from '../time-text.ts';
import type { Policy } from './policy.ts';

/** Due for renewal, judged by the certificate in the Secret; the status may lag behind it. */
export const nearingExpiry: Policy = (snapshot) => {
  const { due, planned, windowError } = renewalInstant(snapshot);
  if (due === undefined || due > snapshot.now) return undefined;
  const shown = goTimeText(new Date(snapshot.certificate.status?.renewalTime ?? planned!));
  if (windowError === undefined) {
    return { reason: 'Renewing', message: `Renewing certificate as renewal was scheduled at ${shown}` };
  }
  const message = `Renewing certificate without satisfying renewal windows at: ${shown}`;
  return { reason: 'Renewing', message, warning: { reason: 'WindowError', message: windowError } };
};

export const hasExpired: Policy = ({ secret, now }) => {
  const leaf = leafOf(secret?.data?.[secretKey.certificate]);
  if (leaf === undefined || leaf.notAfter >= now) return undefined;
  return { reason: 'Expired', message: `Certificate expired on ${rfc1123(leaf.notAfter)}` };
};
