import type protobuf from 'protobufjs';
import { CodedError } from '#errors';
import type { Json } from '#model/objects';
import { envelope, messageOf } from './messages.ts';
import { readMessage } from './read-message.ts';

const magic = Buffer.from('k8s\0');

/**
 * Reads a body in Kubernetes' protobuf encoding as the JSON object that it stands for. Fails with bad-request when it is
 * malformed and unsupported-media-type when its kind has no such encoding here.
 */
export function decodeProtobuf(bytes: Uint8Array): Json {
  if (!magic.equals(bytes.subarray(0, magic.length))) throw malformed('the first four bytes must be "k8s" and a zero');
  const unknown = decodeAs(envelope, bytes.subarray(magic.length)) as { [field: string]: unknown };
  const typeMeta = (unknown['typeMeta'] ?? {}) as { apiVersion?: string; kind?: string };
  const { apiVersion = '', kind = '' } = typeMeta;
  const message = messageOf(apiVersion, kind);
  if (message === undefined) throw unsupported(apiVersion, kind);
  const fields = readAs(message, (unknown['raw'] ?? new Uint8Array()) as Uint8Array);
  return { apiVersion, kind, ...fields };
}

function readAs(type: protobuf.Type, bytes: Uint8Array): { [field: string]: Json } {
  const message = decodeAs(type, bytes);
  try {
    return readMessage(type, message) as { [field: string]: Json };
  } catch {
    throw malformed(`a time or a set of fields in the ${type.name} cannot be read`);
  }
}

function decodeAs(type: protobuf.Type, bytes: Uint8Array): object {
  try {
    return type.decode(bytes);
  } catch {
    throw malformed(`it is not a ${type.name}`);
  }
}

function malformed(why: string): CodedError {
  return new CodedError('bad-request', `the body cannot be read as protobuf: ${why}`);
}

function unsupported(apiVersion: string, kind: string): CodedError {
  const shown = `${kind} in version "${apiVersion}"`.slice(0, 200);
  return new CodedError(
    'unsupported-media-type',
    `the body of the request was in an unknown format - ${shown} is accepted as application/json, application/yaml`,
    { hint: 'Send the object as JSON.' },
  );
}
