import type { Draft, KubeObject } from '#model/objects';
import type { ApiClient, ApplyRequest, DeleteRequest, PatchType, WriteRequest } from './client-contract.ts';
import { mediaTypes } from './media-types.ts';
import { parseWarnings } from './parse-warnings.ts';
import { collectionPath, objectPath } from './paths.ts';
import type { ResourceAddress } from './paths.ts';
import { optional, sendJson } from './send-json.ts';
import type { Status } from './status.ts';
import { readAll } from './transport.ts';
import type { Transport, TransportAnswer } from './transport.ts';

const patchTypes: Readonly<Record<PatchType, string>> = {
  json: mediaTypes.jsonPatch,
  merge: mediaTypes.mergePatch,
  strategic: mediaTypes.strategicPatch,
};

type WriteMethods = Pick<ApiClient, 'create' | 'update' | 'patch' | 'apply' | 'delete'>;

export function writeMethods(transport: Transport): WriteMethods {
  return {
    create: async (resource, object, request = {}) =>
      sendWrite(transport, request, 'POST', collectionPath(resource, scopeOf(object, request)), object),
    update: async (resource, object, request = {}) =>
      sendWrite(transport, request, 'PUT', pathOf(resource, object, request), object),
    patch: async (resource, name, type, patch, request = {}) => {
      const path = objectPath(resource, request.namespace, name, request.subresource);
      return sendWrite(transport, request, 'PATCH', path, patch, patchTypes[type]);
    },
    apply: (resource, object, request) => applyObject(transport, resource, object, request),
    delete: (resource, name, request = {}) => deleteObject(transport, resource, name, request),
  };
}

function scopeOf(object: Draft, request: WriteRequest): string | undefined {
  return request.namespace ?? object.metadata.namespace;
}

function pathOf(resource: ResourceAddress, object: Draft, request: WriteRequest): string {
  return objectPath(resource, scopeOf(object, request), object.metadata.name ?? '', request.subresource);
}

async function applyObject<T extends KubeObject>(
  transport: Transport,
  resource: ResourceAddress,
  object: Draft<T>,
  request: ApplyRequest,
): Promise<{ object: T; created: boolean }> {
  const answer = await transport.send({
    method: 'PATCH',
    path: pathOf(resource, object, request),
    query: { ...writeQuery(request), force: request.force ?? false },
    body: JSON.stringify(object),
    contentType: mediaTypes.applyPatch,
  });
  reportWarnings(answer, request);
  return { object: JSON.parse(await readAll(answer.body)) as T, created: answer.code === 201 };
}

function deleteObject(
  transport: Transport,
  resource: ResourceAddress,
  name: string,
  request: DeleteRequest,
): Promise<KubeObject | Status> {
  const { namespace, dryRun, uid, propagationPolicy } = request;
  const options = {
    apiVersion: 'v1',
    kind: 'DeleteOptions',
    ...optional({ propagationPolicy }),
    ...(dryRun ? { dryRun: ['All'] } : {}),
    ...(uid === undefined ? {} : { preconditions: { uid } }),
  };
  const path = objectPath(resource, namespace, name);
  return sendJson(transport, { method: 'DELETE', path, body: JSON.stringify(options) });
}

async function sendWrite<T>(
  transport: Transport,
  request: WriteRequest,
  method: string,
  path: string,
  body: unknown,
  contentType: string = mediaTypes.json,
): Promise<T> {
  const query = writeQuery(request);
  const answer = await transport.send({ method, path, query, body: JSON.stringify(body), contentType });
  reportWarnings(answer, request);
  return JSON.parse(await readAll(answer.body)) as T;
}

function writeQuery(request: WriteRequest): Record<string, string | undefined> {
  return {
    fieldManager: request.fieldManager,
    fieldValidation: request.fieldValidation,
    dryRun: request.dryRun ? 'All' : undefined,
  };
}

function reportWarnings(answer: TransportAnswer, request: WriteRequest): void {
  if (request.onWarning === undefined) return;
  for (const text of parseWarnings(answer.headers['warning'] ?? '')) request.onWarning(text);
}
