import { leafOf } from './material.ts';
import { secretKey } from './names.ts';
import { renewalLeadSeconds } from './renewal-spread.ts';
import { renewalTime } from './renewal-time.ts';
import type { CertificateSnapshot } from './snapshot.ts';

export interface RenewalInstant {
  /** The renewal time proper, as the status shows it. */
  readonly planned?: Date | undefined;
  /** When it is really done: a little earlier, so that not all come at once; inside a window never earlier. */
  readonly due?: Date | undefined;
  readonly windowError?: string | undefined;
}

/** When the certificate in the Secret is renewed; nothing when there is none or it is never renewed by itself. */
export function renewalInstant({ certificate, secret, settings }: CertificateSnapshot): RenewalInstant {
  const leaf = leafOf(secret?.data?.[secretKey.certificate]);
  if (leaf === undefined) return {};
  const { notBefore, notAfter } = leaf;
  const { at, windowError } = renewalTime(notBefore, notAfter, certificate.spec);
  if (at === undefined) return {};
  const hasWindows = (certificate.spec.renewal?.windows ?? []).length > 0;
  const lifetimeSeconds = (notAfter.getTime() - notBefore.getTime()) / 1000;
  const lead = hasWindows
    ? 0
    : renewalLeadSeconds(certificate.metadata.uid, lifetimeSeconds, settings.renewalSpreadSeconds);
  return { planned: at, due: new Date(at.getTime() - lead * 1000), windowError };
}
