import { setTimeout as delay } from 'node:timers/promises';
import { setCondition } from '#model/objects';
import { certificateKind } from '#model/resources';
import type { Certificate } from '#model/resources';
import { inParallel, type Estate } from './estate.ts';
import type { Fleet } from './fleet.ts';
import { now } from './fleet/counts.ts';
import { namespace } from './names.ts';

export interface NaiveFigures {
  readonly secondsToLastProof: number;
  readonly certificatesProven: number;
  readonly backgroundHandshakes: number;
  readonly backgroundFailed: number;
}

/**
 * The same change as one makes it without stages: the CA's Secret is replaced, whatever trusts it follows at once, and
 * then the certificates beneath it are renewed one by one.
 */
export async function measureNaive(estate: Estate, fleet: Fleet): Promise<NaiveFigures> {
  const before = await fleet.tally();
  const began = now();
  await estate.swapAuthority();
  await inParallel(estate.certificates, (name) => renew(estate, name), 1);
  let after = await fleet.tally();
  while (after.identityProofs - before.identityProofs < estate.certificates.length) {
    await delay(250);
    after = await fleet.tally();
  }
  return {
    secondsToLastProof: Number(((after.lastIdentityProof - began) / 1000).toFixed(2)),
    certificatesProven: after.identityProofs - before.identityProofs,
    backgroundHandshakes: after.made - before.made,
    backgroundFailed: after.failed - before.failed,
  };
}

/** As `chancery renew`, and `cmctl renew`. */
async function renew({ client }: Estate, name: string): Promise<void> {
  const certificate = await client.get<Certificate>(certificateKind, name, namespace);
  const update = { type: 'Issuing', status: 'True', reason: 'ManuallyTriggered', message: 'by hand' } as const;
  const conditions = [...setCondition(certificate.status?.conditions, update, new Date())];
  const object = { ...certificate, status: { ...certificate.status, conditions } };
  await client.update(certificateKind, object, { namespace, subresource: 'status' });
}
