import { certManagerKeys, chanceryKeys, namespacedTerm } from '#model/resources';
import type { Certificate, CertificateRequest, Secret } from '#model/resources';
import { crossKey, issuingManager, requestDraft, secretConfig } from '#model/certificates';
import type { Draft, Json } from '#model/objects';
import type { Write } from '#control/store';
import { controllerManager, controllerUser, writeOptions } from '../../context.ts';
import type { LoopContext } from '../../context.ts';
import { nextCertificateName } from '../authority-names.ts';
import { certificatesIn, chainIn } from '../authority-secrets.ts';
import type { Gathered } from '../gather.ts';
import { subjectAfter } from '../next-subject.ts';
import type { SubjectFields } from '../next-subject.ts';
import { ActRefused, fence } from './act.ts';
import type { DoAct } from './act.ts';

/** What is put into the place of another CA: the Secret that has it, and how its Certificate names it. */
interface Successor {
  readonly from: Secret;
  readonly subject: SubjectFields;
}

/**
 * Puts the next CA where the old one signs, the old one being kept beside it: one sequence of writes, in an order in which
 * a store that is not atomic can be left in between. What signs changes last, and with one write.
 */
export const swapSigner: DoAct = async (context, gathered) => {
  const { rotation, place, secrets } = gathered;
  const { signer, next } = secrets;
  if (next === undefined || chainIn(next)[0]?.fingerprint !== rotation.status?.next?.fingerprint) {
    throw new ActRefused(
      `Secret ${place.namespace}/${place.nextName} does not hold the next CA any more`,
      'Put it back, or roll the rotation back.',
    );
  }
  const subject = rotation.spec.subject === 'new' && place.certificate ? subjectAfter(place.certificate.spec) : {};
  await context.store.sequence([
    fence(context, rotation),
    keepPrevious(context, gathered, signer!),
    ...(await putInPlace(context, gathered, { from: next, subject })),
    ...dropNext(context, gathered),
  ]);
  return true;
};

/** Puts the old CA back. */
export const restoreSigner: DoAct = async (context, gathered) => {
  const { rotation, place, secrets } = gathered;
  const { previous } = secrets;
  if (previous === undefined || chainIn(previous)[0]?.fingerprint !== rotation.status?.old?.fingerprint) {
    throw new ActRefused(
      `Secret ${place.namespace}/${place.previousName} does not hold the old CA any more`,
      'Put it back, or start another rotation.',
    );
  }
  const written = previous.metadata.annotations?.[subjectBefore];
  const subject = written === undefined ? {} : (JSON.parse(written) as SubjectFields);
  await context.store.sequence([
    fence(context, rotation),
    ...(await putInPlace(context, gathered, { from: previous, subject })),
  ]);
  return true;
};

/** Annotation: how the Certificate named the CA that is kept. */
const subjectBefore = 'chancery.dev/rotation-subject';

function keepPrevious({ kinds }: LoopContext, { rotation, place, secrets }: Gathered, signer: Secret): Write {
  const { namespace, previousName, certificate } = place;
  const { commonName, literalSubject } = certificate?.spec ?? {};
  const object: Draft<Secret> = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      name: previousName,
      annotations: {
        [chanceryKeys.rotation]: namespacedTerm(rotation.metadata.namespace, rotation.metadata.name),
        ...(certificate && { [subjectBefore]: JSON.stringify({ commonName, literalSubject }) }),
      },
    },
    type: 'Opaque',
    data: pairIn(signer),
  };
  const options = writeOptions;
  return secrets.previous === undefined
    ? { op: 'create', ref: { kind: kinds.secret, namespace }, object, options }
    : keepAgain({ kinds }, secrets.previous, object, signer, rotation.status?.old?.fingerprint);
}

/** One that was kept already stays; that of a Rotation which was deleted on its way is replaced. */
function keepAgain(
  { kinds }: Pick<LoopContext, 'kinds'>,
  previous: Secret,
  object: Draft<Secret>,
  signer: Secret,
  old: string | undefined,
): Write {
  const isKept = chainIn(previous)[0]?.fingerprint === old || chainIn(signer)[0]?.fingerprint !== old;
  const { name, namespace = '', resourceVersion, uid } = previous.metadata;
  const metadata = { ...object.metadata, resourceVersion, uid };
  const next = isKept ? previous : { ...object, type: previous.type, metadata };
  return {
    op: 'update',
    ref: { kind: kinds.secret, namespace, name },
    object: next,
    options: writeOptions,
  };
}

const pairKeys = ['tls.crt', 'tls.key', 'ca.crt', crossKey] as const;

function pairIn({ data = {} }: Secret): Record<string, string> {
  return Object.fromEntries(pairKeys.flatMap((key) => (data[key] === undefined ? [] : [[key, data[key]]])));
}

async function putInPlace(context: LoopContext, gathered: Gathered, successor: Successor): Promise<Write[]> {
  const { place, secrets } = gathered;
  if (place.certificate === undefined) return [replacePair(context, gathered, successor.from)];
  const certificate = named(place.certificate, successor.subject);
  const crossed = crossOf(context, secrets.signer!, successor.from);
  const secret = applyPair(context, certificate, secrets.signer!, successor.from);
  if (await isRevised(context, place.certificate, successor.from)) return [secret, ...crossed];
  return [...(await reviseWrites(context, certificate, successor.from)), secret, ...crossed];
}

const named = (certificate: Certificate, subject: SubjectFields): Certificate => {
  const { commonName: _, literalSubject: __, ...rest } = certificate.spec;
  return 'commonName' in subject || 'literalSubject' in subject
    ? { ...certificate, spec: { ...rest, ...subject } }
    : certificate;
};

/** Whether the Certificate already counts the CA as its newest revision: a store that is not atomic left it so. */
async function isRevised(context: LoopContext, certificate: Certificate, from: Secret): Promise<boolean> {
  const { status } = certificate;
  const requests = await requestsOf(context, certificate);
  const current = requests.find((one) => revisionOf(one) === status?.revision);
  return issuedIn(current) === chainIn(from)[0]!.fingerprint;
}

/** The CA becomes the next revision of its Certificate, with its request, as if it had been issued there. */
async function reviseWrites(
  { kinds, ...context }: LoopContext,
  certificate: Certificate,
  from: Secret,
): Promise<Write[]> {
  const { namespace = '', name } = certificate.metadata;
  const requests = await requestsOf({ kinds, ...context }, certificate);
  const revision = Math.max(certificate.status?.revision ?? 0, ...requests.map((one) => revisionOf(one) ?? 0)) + 1;
  const revised = { ...certificate, status: { ...certificate.status, revision } };
  const update: Write = {
    op: 'update',
    ref: { kind: kinds.certificate, namespace, name },
    object: revised,
    options: { ...writeOptions, withStatus: true },
  };
  const model = await requestOf({ kinds, ...context }, certificate, from, requests);
  return model === undefined ? [update] : [createRequest({ kinds }, revised, revision, model), update];
}

/** The request by which the CA was made: that of the Certificate beside it, or an earlier one of its own. */
async function requestOf(
  context: LoopContext,
  certificate: Certificate,
  from: Secret,
  own: readonly CertificateRequest[],
): Promise<CertificateRequest | undefined> {
  const { fingerprint } = chainIn(from)[0]!;
  const beside = { ...certificate, metadata: { ...certificate.metadata, name: nextCertificateName(certificate) } };
  return [...own, ...(await requestsOf(context, beside))].find((one) => issuedIn(one) === fingerprint);
}

function createRequest(
  { kinds }: Pick<LoopContext, 'kinds'>,
  certificate: Certificate,
  revision: number,
  model: CertificateRequest,
): Write {
  const csr = Buffer.from(model.spec.request, 'base64').toString();
  const draft = requestDraft(certificate, revision, csr, '');
  const { annotations: { [certManagerKeys.privateKeySecretName]: _, ...annotations } = {} } = draft.metadata;
  const { uid: _u, resourceVersion: _v, creationTimestamp: _c, generation: _g, ...metadata } = draft.metadata;
  const object = { ...draft, metadata: { ...metadata, annotations }, status: model.status };
  return {
    op: 'create',
    ref: { kind: kinds.request, namespace: certificate.metadata.namespace ?? '' },
    object: object,
    options: { ...writeOptions, withStatus: true },
  };
}

async function requestsOf(
  { store, kinds }: LoopContext,
  { metadata: { namespace = '', name } }: Certificate,
): Promise<CertificateRequest[]> {
  const index = { name: 'certificate', value: namespacedTerm(namespace, name) };
  return (await store.list({ kind: kinds.request, namespace }, { index, limit: 500 })).items;
}

function revisionOf({ metadata }: CertificateRequest): number | undefined {
  const text = metadata.annotations?.[certManagerKeys.certificateRevision];
  return text === undefined ? undefined : Number(text);
}

const issuedIn = (request: CertificateRequest | undefined): string | undefined =>
  certificatesIn(request?.status?.certificate)[0]?.fingerprint;

const textOf = (secret: Secret, key: string): string => Buffer.from(secret.data?.[key] ?? '', 'base64').toString();

/** As the loop of the certificates writes it: everything else that was made of the old one goes, and is made anew. */
function applyPair({ kinds, settings }: LoopContext, certificate: Certificate, signer: Secret, from: Secret): Write {
  const material = {
    privateKeyPEM: textOf(from, 'tls.key'),
    chainPEM: textOf(from, 'tls.crt'),
    caPEM: textOf(from, 'ca.crt'),
    issuer: certificate.spec.issuerRef,
  };
  const { type, labels, annotations, data, ownerReferences } = secretConfig(
    certificate,
    signer,
    material,
    {},
    settings,
  );
  const { name, namespace = '' } = signer.metadata;
  const owners = ownerReferences.length === 0 ? {} : { ownerReferences: [...ownerReferences] };
  const body: Draft<Secret> = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, namespace, labels: { ...labels }, annotations: { ...annotations }, ...owners },
    type,
    data: { ...data },
  };
  return {
    op: 'patch',
    ref: { kind: kinds.secret, namespace, name },
    patch: { type: 'apply', body, force: true },
    options: { manager: issuingManager, user: controllerUser },
  };
}

/** The cross-certificate goes with the CA that it is of. */
function crossOf({ kinds }: LoopContext, { data, metadata }: Secret, from: Secret): Write[] {
  const value = from.data?.[crossKey];
  if (value === data?.[crossKey]) return [];
  const { name, namespace = '' } = metadata;
  const body: Json = { data: { [crossKey]: value ?? null } };
  const options = { manager: controllerManager, user: controllerUser };
  return [{ op: 'patch', ref: { kind: kinds.secret, namespace, name }, patch: { type: 'merge', body }, options }];
}

/** In a Secret that people brought along only the pair is replaced. */
function replacePair({ kinds }: LoopContext, { secrets }: Gathered, from: Secret): Write {
  const { signer } = secrets;
  const { name, namespace = '' } = signer!.metadata;
  const others = Object.entries(signer!.data ?? {}).filter(([key]) => !(pairKeys as readonly string[]).includes(key));
  const isRoot = chainIn(from).length === 1;
  const ca = signer!.data?.['ca.crt'] === undefined ? undefined : isRoot ? from.data?.['tls.crt'] : undefined;
  const pair = { ...(ca === undefined ? {} : { 'ca.crt': ca }), ...pairIn(from) };
  const object = { ...signer!, data: { ...Object.fromEntries(others), ...pair } };
  return { op: 'update', ref: { kind: kinds.secret, namespace, name }, object, options: writeOptions };
}

/** What is in place need not lie beside it. */
export function dropNext({ kinds }: LoopContext, { place, secrets }: Gathered): Write[] {
  const { namespace, certificate, isNextGiven, nextName } = place;
  if (isNextGiven) return [];
  const remove = (kind: unknown, name: string): Write => ({
    op: 'delete',
    ref: { kind: kind as never, namespace, name },
    options: { ...writeOptions, propagation: 'Background' },
  });
  return [
    ...(certificate === undefined ? [] : [remove(kinds.certificate, nextCertificateName(certificate))]),
    ...(secrets.next === undefined ? [] : [remove(kinds.secret, nextName)]),
  ];
}
