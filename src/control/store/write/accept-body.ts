import { CodedError } from '#errors';
import type { Draft } from '#model/objects';
import type { WriteContext } from './plan.ts';

/**
 * A client's draft for one place in the API, without the fields that the schema does not know. Fails with bad-request
 * when it is for another place, or when fieldValidation is Strict and something was unknown.
 */
export function acceptBody(context: WriteContext, body: Draft): Draft {
  const { prepared, namespace, options } = context;
  const draft = placeBody(context, body);
  const { draft: pruned, unknown } = prepared.compiled.prune(draft);
  if (unknown.length > 0) reportUnknown(unknown, options.fieldValidation ?? 'Ignore', context);
  return (pruned.metadata.namespace ?? '') === namespace ? pruned : withNamespace(pruned, namespace);
}

function withNamespace(draft: Draft, namespace: string): Draft {
  const { namespace: _namespace, ...metadata } = draft.metadata;
  return { ...draft, metadata: namespace === '' ? metadata : { ...metadata, namespace } };
}

function placeBody({ prepared, namespace }: WriteContext, body: Draft): Draft {
  checkForm(body);
  const { apiVersion, kind, metadata } = body;
  if (apiVersion !== undefined && apiVersion !== prepared.apiVersion) {
    const expected = `the expected API version (${prepared.apiVersion})`;
    throw new CodedError('bad-request', `the API version in the data (${apiVersion}) does not match ${expected}`);
  }
  if (kind !== undefined && kind !== prepared.kind.kind) {
    throw new CodedError('bad-request', `the kind in the data (${kind}) does not match ${prepared.kind.kind}`);
  }
  const sent = metadata?.namespace ?? '';
  if (sent !== '' && sent !== namespace) {
    throw new CodedError(
      'bad-request',
      'the namespace of the provided object does not match the namespace sent on the request',
      { field: 'metadata.namespace' },
    );
  }
  return { ...body, apiVersion: prepared.apiVersion, kind: prepared.kind.kind, metadata: metadata ?? {} };
}

const texts = ['name', 'generateName', 'namespace', 'uid', 'resourceVersion'] as const;

/** What is read before the schema has been checked. */
function checkForm(body: Draft): void {
  if (!isRecord(body)) throw new CodedError('bad-request', 'the body is not an object');
  const metadata: unknown = body.metadata ?? {};
  if (!isRecord(metadata)) throw new CodedError('bad-request', 'metadata is not an object', { field: 'metadata' });
  for (const name of texts) {
    const field = `metadata.${name}`;
    if (typeof (metadata[name] ?? '') !== 'string')
      throw new CodedError('bad-request', `${field} is not a text`, { field });
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function reportUnknown(
  paths: readonly string[],
  validation: 'Strict' | 'Warn' | 'Ignore',
  context: WriteContext,
): void {
  const texts = paths.map((path) => `unknown field ${JSON.stringify(path)}`);
  if (validation === 'Warn') for (const text of texts) context.warn(text);
  if (validation !== 'Strict') return;
  throw new CodedError('bad-request', `strict decoding error: ${texts.join(', ')}`, { field: paths[0]! });
}
