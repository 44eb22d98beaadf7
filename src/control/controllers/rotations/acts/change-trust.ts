import type { Secret } from '#model/resources';
import { createStoreMemo, rotationTrustKey } from '#model/stores';
import type { Write } from '#control/store';
import { bundleOrders } from '../../trust-bundles/bundle-orders.ts';
import { settleBundle } from '../../trust-bundles/settle-bundle.ts';
import { writeOptions } from '../../context.ts';
import type { LoopContext } from '../../context.ts';
import { placeOf } from '../../queue-loop.ts';
import { findAuthority } from '../authority-secrets.ts';
import type { Gathered } from '../gather.ts';
import { fence } from './act.ts';

const memo = createStoreMemo(64);
const bundleTerm = 'TrustBundle ';

/** Brings one bundle to what the status of the Rotation orders; what is no bundle follows what the CA's Secret says. */
export async function addTrust(context: LoopContext, gathered: Gathered, bundle: string): Promise<boolean> {
  if (bundle.startsWith(bundleTerm)) return settle(context, bundle);
  const { rotation, secrets } = gathered;
  const { old, next } = rotation.status ?? {};
  const both = [old, next].map((one) => (one === undefined ? undefined : findAuthority(secrets, one.fingerprint)));
  const text = both.map((certificate) => certificate?.toPEM() ?? '').join('');
  return writeTrust(context, gathered, Buffer.from(text).toString('base64'));
}

export async function withdrawTrust(context: LoopContext, gathered: Gathered, bundle: string): Promise<boolean> {
  return bundle.startsWith(bundleTerm) ? settle(context, bundle) : writeTrust(context, gathered, undefined);
}

async function settle(context: LoopContext, term: string): Promise<boolean> {
  const { store, kinds } = context;
  const bundle = await store.get({ kind: kinds.trustBundle, ...placeOf(term.slice(bundleTerm.length)) });
  if (bundle === undefined) return false;
  const { wrote } = await settleBundle(context, bundle, await bundleOrders(context), memo);
  return wrote.length > 0;
}

async function writeTrust(context: LoopContext, gathered: Gathered, value: string | undefined): Promise<boolean> {
  const signer = gathered.secrets.signer!;
  const { [rotationTrustKey]: before, ...data } = signer.data ?? {};
  if (before === value) return false;
  const { name, namespace = '' } = signer.metadata;
  const object: Secret = { ...signer, data: value === undefined ? data : { ...data, [rotationTrustKey]: value } };
  const write: Write = {
    op: 'update',
    ref: { kind: context.kinds.secret, namespace, name },
    object,
    options: writeOptions,
  };
  await context.store.sequence([fence(context, gathered.rotation), write]);
  return true;
}
