import { isDeepStrictEqual } from 'node:util';
import type { Draft, KubeObject } from '#model/objects';
import type { CertificateRequest, Kind, Secret } from '#model/resources';
import { issuingManager } from '#model/certificates';
import type { CertificateSnapshot, SecretConfig } from '#model/certificates';
import type { Write } from '#control/store';
import { controllerUser, statusOptions, writeOptions } from '../context.ts';
import type { LoopKinds } from '../context.ts';

/**
 * The writes that turn the stored state `before` into the decided state `after`, in an order that is safe to be killed
 * in: a key is stored before what refers to it, the Secret before the status that tells of it, the status last.
 */
export function plannedWrites(before: CertificateSnapshot, after: CertificateSnapshot, kinds: LoopKinds): Write[] {
  return [
    ...created(before.nextKeySecrets, after.nextKeySecrets).map((secret) => create(kinds.secret, secret)),
    ...removed(before.requests, after.requests).map((request) => remove(kinds.request, request)),
    ...requestWrites(before, after, kinds),
    ...secretWrite(before, after, kinds),
    ...removed(before.nextKeySecrets, after.nextKeySecrets).map((secret) => remove(kinds.secret, secret)),
    ...certificateWrite(before, after, kinds),
  ];
}

function requestWrites(before: CertificateSnapshot, after: CertificateSnapshot, kinds: LoopKinds): Write[] {
  const stored = new Map(before.requests.map((request) => [request.metadata.name, request]));
  return after.requests.flatMap((request) => {
    const old = stored.get(request.metadata.name);
    if (old === undefined || old.metadata.uid !== request.metadata.uid) return [create(kinds.request, request)];
    const isSame = old === request || isDeepStrictEqual(old.status, request.status);
    return isSame ? [] : [updateStatus(kinds.request, request)];
  });
}

function secretWrite(before: CertificateSnapshot, after: CertificateSnapshot, kinds: LoopKinds): Write[] {
  const { secretConfig, certificate } = after;
  if (secretConfig === undefined || secretConfig === before.secretConfig) return [];
  const { namespace = '' } = certificate.metadata;
  const body = appliedSecret(secretConfig, namespace, certificate.spec.secretName);
  const ref = { kind: kinds.secret as unknown as Kind, namespace, name: certificate.spec.secretName };
  const options = { manager: issuingManager, user: controllerUser };
  return [{ op: 'patch', ref, patch: { type: 'apply', body, force: true }, options }];
}

function appliedSecret(config: SecretConfig, namespace: string, name: string): Draft<Secret> {
  const { type, labels, annotations, data, ownerReferences } = config;
  const owners = ownerReferences.length === 0 ? {} : { ownerReferences: [...ownerReferences] };
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, namespace, labels: { ...labels }, annotations: { ...annotations }, ...owners },
    type,
    data: { ...data },
  };
}

function certificateWrite(before: CertificateSnapshot, after: CertificateSnapshot, kinds: LoopKinds): Write[] {
  const { certificate } = after;
  const isSame =
    certificate === before.certificate || isDeepStrictEqual(before.certificate.status ?? {}, certificate.status ?? {});
  return isSame ? [] : [updateStatus(kinds.certificate, certificate)];
}

/** Refused when anybody wrote the object since it was read. */
export function updateStatus<T extends KubeObject>(kind: Kind<T>, object: T): Write {
  return { op: 'update', ref: refOf(kind, object), object, options: statusOptions };
}

function create<T extends KubeObject>(kind: Kind<T>, object: T): Write {
  const { uid: _u, resourceVersion: _v, creationTimestamp: _c, generation: _g, ...metadata } = object.metadata;
  return {
    op: 'create',
    ref: refOf(kind, object),
    object: { ...object, metadata },
    options: { ...writeOptions, withStatus: true },
  };
}

function remove<T extends KubeObject>(kind: Kind<T>, object: T): Write {
  const options = { ...writeOptions, uid: object.metadata.uid, propagation: 'Background' } as const;
  return { op: 'delete', ref: refOf(kind, object), options };
}

function refOf<T extends KubeObject>(kind: Kind<T>, { metadata }: T): { kind: Kind; namespace: string; name: string } {
  return { kind: kind, namespace: metadata.namespace ?? '', name: metadata.name };
}

function created(before: readonly Secret[], after: readonly Secret[]): readonly Secret[] {
  return after.filter((secret) => secret.metadata.uid === '' && !before.includes(secret));
}

function removed<T extends Secret | CertificateRequest>(before: readonly T[], after: readonly T[]): T[] {
  const kept = new Set(after.map(({ metadata }) => metadata.uid));
  return before.filter(({ metadata }) => metadata.uid !== '' && !kept.has(metadata.uid));
}
