import { CodedError } from '#errors';
import type { Draft, Json } from '#model/objects';
import type { WriteOptions } from '#control/store';
import { apiVersionOf } from '#model/resources';
import { decodeObject } from '../bodies/decode-body.ts';
import type { BodyLimits, DecodedBody } from '../bodies/decode-body.ts';
import type { ResourceCall } from './call.ts';

/** The object in a request's body, with what its path says filled in. Fails with bad-request. */
export function sentObject(call: ResourceCall, bytes: Uint8Array, limits: BodyLimits, options: WriteOptions): Draft {
  if (bytes.length === 0) throw new CodedError('bad-request', 'the request has no body', { hint: 'Send the object.' });
  const body = decodeObject(bytes, call.contentType, limits);
  reportDuplicates(call, body, options);
  return placedDraft(call, body.value);
}

/** What `fieldValidation` asks for when a field is given twice. */
export function reportDuplicates(call: ResourceCall, body: DecodedBody, options: WriteOptions): void {
  if (body.duplicates.length === 0) return;
  const texts = body.duplicates.map((field) => `duplicate field "${field}"`);
  if (options.fieldValidation === 'Warn') for (const text of texts) call.warnings.add(text);
  if (options.fieldValidation !== 'Strict') return;
  const { kind, version } = call.kind;
  throw new CodedError(
    'bad-request',
    `${kind} in version "${version}" cannot be handled as a ${kind}: strict decoding error: ${texts.join(', ')}`,
  );
}

/** The draft with apiVersion, kind and namespace of the place it was sent to; they must not contradict each other. */
export function placedDraft(call: ResourceCall, value: Json): Draft {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new CodedError('bad-request', `the object provided is unrecognized (must be of type ${call.kind.kind})`);
  }
  const { kind, place } = call;
  checkKind(call, value);
  const metadata = metadataOf(value);
  checkPlace(call, metadata);
  const namespace = kind.namespaced ? { namespace: place.namespace } : {};
  return {
    ...value,
    apiVersion: apiVersionOf(kind),
    kind: kind.kind,
    metadata: { ...metadata, ...namespace },
  };
}

type Fields = { readonly [name: string]: Json | undefined };

function checkKind({ kind }: ResourceCall, value: Fields): void {
  const sent = value['kind'] ?? kind.kind;
  const sentVersion = value['apiVersion'] ?? apiVersionOf(kind);
  if (sentVersion !== apiVersionOf(kind)) {
    throw new CodedError(
      'bad-request',
      `the API version in the data (${shown(sentVersion)}) does not match the expected API version (${apiVersionOf(kind)})`,
      { field: 'apiVersion' },
    );
  }
  if (sent === kind.kind) return;
  const text = `${shown(sent)} in version "${kind.version}" cannot be handled as a ${kind.kind}`;
  throw new CodedError('bad-request', text, { field: 'kind' });
}

function shown(value: Json): string {
  return (typeof value === 'string' ? value : JSON.stringify(value)).slice(0, 100);
}

function metadataOf(value: Fields): Fields {
  const metadata = value['metadata'] ?? {};
  if (typeof metadata === 'object' && metadata !== null && !Array.isArray(metadata)) return metadata;
  throw new CodedError('bad-request', 'metadata must be an object', { field: 'metadata' });
}

function checkPlace({ kind, place }: ResourceCall, metadata: Fields): void {
  const { name, namespace } = metadata;
  if (place.name !== undefined && name !== undefined && name !== null && name !== place.name) {
    throw new CodedError(
      'bad-request',
      `the name of the object (${shown(name)}) does not match the name on the URL (${place.name})`,
      { field: 'metadata.name' },
    );
  }
  if (!kind.namespaced || namespace === undefined || namespace === null || namespace === '') return;
  if (namespace === place.namespace) return;
  throw new CodedError(
    'bad-request',
    'the namespace of the provided object does not match the namespace sent on the request',
    { field: 'metadata.namespace' },
  );
}
