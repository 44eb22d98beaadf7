import { isOwnedBy, ownerReferenceTo } from '#model/objects';
import type { Draft } from '#model/objects';
import { chanceryKeys } from '#model/resources';
import type { Certificate, Rotation, Secret } from '#model/resources';
import type { Write } from '#control/store';
import { writeOptions } from '../../context.ts';
import type { LoopContext } from '../../context.ts';
import { nextCertificateName } from '../authority-names.ts';
import { chainIn } from '../authority-secrets.ts';
import type { Gathered } from '../gather.ts';
import { subjectAfter } from '../next-subject.ts';
import { ActRefused, fence } from './act.ts';
import type { DoAct } from './act.ts';

/**
 * Has the next CA made: by a Certificate beside that of the old one, so that whoever issues and approves is asked as
 * always; a root that was brought along is made anew in its likeness.
 */
export const makeNext: DoAct = async (context, gathered) => {
  const { place } = gathered;
  if (place.isNextGiven) {
    throw new ActRefused(
      `Secret ${place.namespace}/${place.nextName} does not hold the next CA with its key`,
      'Put tls.crt and tls.key of the next CA into it.',
    );
  }
  return place.certificate === undefined ? makeAlike(context, gathered) : declareNext(context, gathered);
};

async function declareNext(context: LoopContext, { rotation, place, secrets }: Gathered): Promise<boolean> {
  const { store, kinds } = context;
  const { namespace, nextName } = place;
  const name = nextCertificateName(place.certificate!);
  const existing = await store.get({ kind: kinds.certificate, namespace, name });
  if (existing !== undefined && isOwnedBy(existing, rotation)) return false;
  if (existing !== undefined) return removeLeftOver(context, place.namespace, existing, secrets.next);
  if (secrets.next !== undefined) return removeAbandoned(context, rotation, secrets.next);
  if (await store.get({ kind: kinds.secret, namespace, name: nextName })) throw taken(namespace, nextName);
  const keySecret = rotation.spec.key === 'same' ? [keyFirst(context, rotation, place, secrets.signer!)] : [];
  const object = nextCertificate(place.certificate!, rotation, name, nextName);
  const create: Write = { op: 'create', ref: { kind: kinds.certificate, namespace }, object, options: writeOptions };
  await store.sequence([fence(context, rotation), ...keySecret, create]);
  return true;
}

const taken = (namespace: string, name: string): ActRefused =>
  new ActRefused(`Secret ${namespace}/${name} exists and is not of this Rotation`, 'Rename or delete it.');

/** Of a Rotation that was deleted on its way. */
async function removeLeftOver(
  { store, kinds }: LoopContext,
  namespace: string,
  certificate: Certificate,
  secret: Secret | undefined,
): Promise<boolean> {
  const owners = certificate.metadata.annotations?.[chanceryKeys.rotation];
  if (owners === undefined) {
    throw new ActRefused(
      `Certificate ${namespace}/${certificate.metadata.name} exists and is not of this Rotation`,
      'Rename or delete it.',
    );
  }
  const remove = (kind: typeof kinds.certificate | typeof kinds.secret, name: string): Write => ({
    op: 'delete',
    ref: { kind: kind, namespace, name },
    options: writeOptions,
  });
  await store.sequence([
    remove(kinds.certificate, certificate.metadata.name),
    ...(secret === undefined ? [] : [remove(kinds.secret, secret.metadata.name)]),
  ]);
  return true;
}

/** The CA of a Rotation that was deleted on its way: some may have learned to trust it, others to refuse it. */
async function removeAbandoned({ store, kinds, ...context }: LoopContext, rotation: Rotation, { metadata }: Secret) {
  const { namespace = '', name, uid } = metadata;
  const remove: Write = {
    op: 'delete',
    ref: { kind: kinds.secret, namespace, name },
    options: { ...writeOptions, uid },
  };
  await store.sequence([fence({ store, kinds, ...context }, rotation), remove]);
  return true;
}

const marked = ({ metadata }: Rotation): Record<string, string> => ({
  [chanceryKeys.rotation]: `${metadata.namespace ?? ''}/${metadata.name}`,
});

function nextCertificate(
  { spec }: Certificate,
  rotation: Rotation,
  name: string,
  secretName: string,
): Draft<Certificate> {
  const { keystores: _k, secretTemplate: _t, additionalOutputFormats: _a, ...rest } = spec;
  const rotationPolicy = rotation.spec.key === 'same' ? 'Never' : 'Always';
  return {
    apiVersion: 'cert-manager.io/v1',
    kind: 'Certificate',
    metadata: { name, annotations: marked(rotation), ownerReferences: [ownerReferenceTo(rotation)] },
    spec: {
      ...rest,
      ...(rotation.spec.subject === 'new' ? subjectAfter(spec) : {}),
      secretName,
      privateKey: { ...spec.privateKey, rotationPolicy },
    },
  };
}

/** The key lies there before it is asked for: the rotation policy Never then keeps it. */
function keyFirst({ kinds }: LoopContext, rotation: Rotation, place: Gathered['place'], signer: Secret): Write {
  const { namespace, nextName } = place;
  const object: Draft<Secret> = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: nextName, annotations: marked(rotation) },
    type: 'Opaque',
    data: { 'tls.key': signer.data?.['tls.key'] ?? '' },
  };
  return { op: 'create', ref: { kind: kinds.secret, namespace }, object, options: writeOptions };
}

const encode = (text: string): string => Buffer.from(text).toString('base64');

async function makeAlike(context: LoopContext, { rotation, place, secrets }: Gathered): Promise<boolean> {
  const { store, kinds, crypto, clock } = context;
  const { namespace, nextName, secretName } = place;
  const [before] = chainIn(secrets.signer);
  if (!before!.isSelfIssued) {
    throw new ActRefused(
      `the CA in Secret ${namespace}/${secretName} is signed by another one, which is not here`,
      'Bring the next CA along in a Secret, and name it in spec.nextSecretRef of a new Rotation.',
    );
  }
  if (secrets.next !== undefined) return removeAbandoned(context, rotation, secrets.next);
  if (await store.get({ kind: kinds.secret, namespace, name: nextName })) throw taken(namespace, nextName);
  const kept = Buffer.from(secrets.signer?.data?.['tls.key'] ?? '', 'base64').toString();
  const made = await crypto.run({
    task: 'succeed-authority',
    certificatePEM: before!.toPEM(),
    ...(rotation.spec.key === 'same' ? { privateKeyPEM: kept } : {}),
    ...(rotation.spec.subject === 'new'
      ? { commonName: subjectAfter({ commonName: before!.commonName }).commonName }
      : {}),
    now: clock.now(),
  });
  if ('failed' in made) throw new ActRefused(`the next CA cannot be made: ${made.failed}`, 'Bring one along.');
  const object: Draft<Secret> = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: nextName, annotations: marked(rotation) },
    type: 'Opaque',
    data: { 'tls.crt': encode(made.certificatePEM), 'tls.key': encode(made.privateKeyPEM) },
  };
  await store.sequence([
    fence(context, rotation),
    { op: 'create', ref: { kind: kinds.secret, namespace }, object, options: writeOptions },
  ]);
  return true;
}
