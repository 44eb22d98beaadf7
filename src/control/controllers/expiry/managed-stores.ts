import type { KubeObject } from '#model/objects';
import { certificatesIn } from '#model/expiry';
import type { WatchedCertificate } from '#model/expiry';
import type { Keystore } from '#model/resources';
import type { LoopContext } from '../context.ts';

/**
 * The certificates in an object. Those of a Keystore whose Secret belongs to a Certificate are renewed by itself, and
 * watched there.
 */
export async function certificatesOf(context: LoopContext, object: KubeObject): Promise<WatchedCertificate[]> {
  const found = certificatesIn(object);
  if (object.kind !== 'Keystore' || found.every(({ managed }) => managed)) return found;
  const { secretName } = (object as Keystore).status ?? {};
  if (secretName === undefined || !(await isIssued(context, secretName))) return found;
  return found.map((certificate) => Object.assign({}, certificate, { managed: true }));
}

async function isIssued({ store, kinds }: LoopContext, secret: string): Promise<boolean> {
  const namespace = secret.slice(0, secret.indexOf('/'));
  const index = { name: 'secretName', value: secret };
  const { items } = await store.list({ kind: kinds.certificate, namespace }, { index, limit: 1 });
  return items.length > 0;
}
