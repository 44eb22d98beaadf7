import type { Json } from '#model/objects';
import { crossKey } from '#model/certificates';
import type { Secret } from '#model/resources';
import type { Write } from '#control/store';
import { writeOptions } from '../../context.ts';
import type { LoopContext } from '../../context.ts';
import { chainIn } from '../authority-secrets.ts';
import type { Gathered } from '../gather.ts';
import { ActRefused, fence } from './act.ts';

/** Whether the two CAs have yet to sign each other. */
export function needsCross({ rotation, secrets, snapshot }: Gathered): boolean {
  const { stage, next } = rotation.status ?? {};
  if (rotation.spec.crossSign !== true || stage !== 'TrustBoth' || next === undefined) return false;
  return secrets.next?.data?.[crossKey] === undefined && snapshot.signer.current !== next.fingerprint;
}

/**
 * Has each CA sign the other. The certificates lie beside the CA that they are of, and go with every leaf that it signs:
 * whoever trusts one of the two then accepts the leaves of both.
 */
export async function crossSign(context: LoopContext, { rotation, secrets }: Gathered): Promise<void> {
  const { crypto, clock, store } = context;
  const [old, next] = [pairOf(secrets.signer!), pairOf(secrets.next!)];
  const now = clock.now();
  const [ofNext, ofOld] = await Promise.all([
    crypto.run({ task: 'cross-sign', certificatePEM: next.certificatePEM, by: old, now }),
    crypto.run({ task: 'cross-sign', certificatePEM: old.certificatePEM, by: next, now }),
  ]);
  for (const made of [ofNext, ofOld]) {
    if ('failed' in made)
      throw new ActRefused(`the CAs cannot sign each other: ${made.failed}`, 'Leave out crossSign.');
  }
  await store.sequence([
    fence(context, rotation),
    put(context, secrets.signer!, (ofOld as { certificatePEM: string }).certificatePEM),
    put(context, secrets.next!, (ofNext as { certificatePEM: string }).certificatePEM),
  ]);
}

function pairOf(secret: Secret): { certificatePEM: string; privateKeyPEM: string } {
  const privateKeyPEM = Buffer.from(secret.data?.['tls.key'] ?? '', 'base64').toString();
  return { certificatePEM: chainIn(secret)[0]!.toPEM(), privateKeyPEM };
}

function put({ kinds }: LoopContext, { metadata }: Secret, pem: string): Write {
  const { name, namespace = '' } = metadata;
  const body: Json = { data: { [crossKey]: Buffer.from(pem).toString('base64') } };
  const ref = { kind: kinds.secret as never, namespace, name };
  return { op: 'patch', ref, patch: { type: 'merge', body }, options: writeOptions };
}

export async function dropCross({ store, kinds, ...context }: LoopContext, gathered: Gathered): Promise<boolean> {
  const { name, namespace = '' } = gathered.secrets.signer!.metadata;
  const body: Json = { data: { [crossKey]: null } };
  const ref = { kind: kinds.secret as never, namespace, name };
  await store.sequence([
    fence({ store, kinds, ...context }, gathered.rotation),
    { op: 'patch', ref, patch: { type: 'merge', body }, options: writeOptions },
  ]);
  return true;
}
