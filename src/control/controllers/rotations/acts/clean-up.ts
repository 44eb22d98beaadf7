import type { Write } from '#control/store';
import { writeOptions } from '../../context.ts';
import type { LoopContext } from '../../context.ts';
import { nextCertificateName } from '../authority-names.ts';
import type { Gathered } from '../gather.ts';
import { fence } from './act.ts';

/** Destroys the CA that was replaced, and what may be left beside the one in its place. */
export async function deletePrevious(context: LoopContext, gathered: Gathered): Promise<boolean> {
  const { previous } = gathered.secrets;
  const own = previous === undefined ? [] : [remove(context.kinds.secret, previous)];
  return destroy(context, gathered, [...own, ...(await nextWrites(context, gathered))]);
}

/** Destroys a next CA that did not come to sign. */
export async function deleteNext(context: LoopContext, gathered: Gathered): Promise<boolean> {
  return destroy(context, gathered, await nextWrites(context, gathered));
}

async function destroy(context: LoopContext, { rotation }: Gathered, writes: readonly Write[]): Promise<boolean> {
  if (writes.length === 0) return false;
  await context.store.sequence([fence(context, rotation), ...writes]);
  return true;
}

async function nextWrites({ store, kinds }: LoopContext, { secrets, place }: Gathered): Promise<Write[]> {
  const { namespace, certificate, isNextGiven } = place;
  const made =
    certificate === undefined
      ? undefined
      : await store.get({ kind: kinds.certificate, namespace, name: nextCertificateName(certificate) });
  return [
    ...(made === undefined ? [] : [remove(kinds.certificate, made)]),
    ...(secrets.next === undefined || isNextGiven ? [] : [remove(kinds.secret, secrets.next)]),
  ];
}

interface Placed {
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly uid: string };
}

function remove(kind: unknown, { metadata: { name, namespace = '', uid } }: Placed): Write {
  const ref = { kind: kind as never, namespace, name };
  return { op: 'delete', ref, options: { ...writeOptions, uid, propagation: 'Background' } };
}
