import type { Certificate as X509 } from '#pki/x509';
import type { Rotation } from '#model/resources';
import { objectTerm } from '#model/stores';
import type { BundleOrder } from '#model/trust';
import type { LoopContext } from '../context.ts';
import { authorityPlace, findAuthority, readAuthoritySecrets } from '../rotations/authority-secrets.ts';
import { runningRotations } from '../rotations/running-rotations.ts';

/** What the running Rotations ask of every bundle now. Their statuses say so: nothing is ordered that is not written. */
export async function bundleOrders(context: LoopContext): Promise<BundleOrder[]> {
  const orders: BundleOrder[] = [];
  for (const rotation of await runningRotations(context)) {
    const { old, next } = rotation.status ?? {};
    if (old === undefined) continue;
    const certificate = next === undefined ? undefined : await authority(context, rotation, next.fingerprint);
    orders.push(orderOf(rotation, certificate));
  }
  return orders;
}

async function authority(context: LoopContext, rotation: Rotation, fingerprint: string): Promise<X509 | undefined> {
  const place = await authorityPlace(context, rotation);
  return place === undefined ? undefined : findAuthority(await readAuthoritySecrets(context, place), fingerprint);
}

/** Both CAs until the old one is distrusted; on the way back, both until the next one is withdrawn. */
export function orderOf({ metadata, status }: Rotation, next: X509 | undefined): BundleOrder {
  const { stage, old, history = [] } = status!;
  const rotation = objectTerm('Rotation', metadata.namespace, metadata.name);
  if (stage === 'Withdraw') {
    return { rotation, ...(status!.next === undefined ? {} : { withdraw: [status!.next.fingerprint] }) };
  }
  const isDistrusted = history.some((moment) => moment.stage === 'Distrust');
  return {
    rotation,
    ...(next === undefined ? {} : { add: { certificate: next, beside: old!.fingerprint } }),
    ...(isDistrusted ? { withdraw: [old!.fingerprint] } : {}),
  };
}
