import type { FieldError } from '#model/objects';
import type { Secret } from '../secret.ts';
import { invalid, required } from './field-errors.ts';

const missing = (keys: readonly string[], data: Record<string, string>): FieldError[] =>
  keys.filter((key) => !Object.hasOwn(data, key)).map((key) => required(`data[${key}]`, ''));

/** The keys that a type of Secret promises, by type; other types promise nothing. */
const promises: Readonly<Record<string, (data: Record<string, string>, secret: Secret) => FieldError[]>> = {
  'kubernetes.io/tls': (data) => missing(['tls.crt', 'tls.key'], data),
  'kubernetes.io/ssh-auth': (data) => missing(['ssh-privatekey'], data),
  'kubernetes.io/basic-auth': (data) =>
    Object.hasOwn(data, 'username') || Object.hasOwn(data, 'password') ? [] : missing(['username', 'password'], data),
  'kubernetes.io/dockercfg': (data) => jsonUnder('.dockercfg', data),
  'kubernetes.io/dockerconfigjson': (data) => jsonUnder('.dockerconfigjson', data),
  'kubernetes.io/service-account-token': (_, { metadata }) =>
    metadata.annotations?.['kubernetes.io/service-account.name']
      ? []
      : [required('metadata.annotations[kubernetes.io/service-account.name]', '')],
};

export function validateTypedKeys(secret: Secret): FieldError[] {
  const { type = '', data = {} } = secret;
  return Object.hasOwn(promises, type) ? promises[type]!(data, secret) : [];
}

function jsonUnder(key: string, data: Record<string, string>): FieldError[] {
  const text = data[key];
  if (text === undefined) return missing([key], data);
  try {
    JSON.parse(Buffer.from(text, 'base64').toString());
    return [];
  } catch {
    return [invalid(`data[${key}]`, '<secret contents redacted>', 'is not JSON')];
  }
}
