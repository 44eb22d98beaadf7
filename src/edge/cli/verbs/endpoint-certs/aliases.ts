import { createHash } from 'node:crypto';
import type { ApiClient } from '#edge/api';
import { CodedError, isCoded } from '#errors';
import { endpointCertificateKind, type EndpointCertificate } from '#model/resources';

const longestName = 253;

/**
 * The name of the object with that alias. An alias that is no object name gets one with a digest at its end, so that two
 * aliases never share a name.
 */
export function nameOfAlias(alias: string): string {
  const plain = alias
    .toLowerCase()
    .replaceAll(/[^a-z0-9.-]+/g, '-')
    .replaceAll(/\.+/g, '.')
    .replaceAll(/^[-.]+|[-.]+$/g, '');
  if (plain === alias && plain.length <= longestName) return plain;
  const digest = createHash('sha256').update(alias).digest('hex').slice(0, 8);
  return plain === '' ? digest : `${plain.slice(0, longestName - 9)}-${digest}`;
}

/** The endpoint certificate with that alias, or with that object name. Fails with not-found. */
export async function findByAlias(client: ApiClient, namespace: string, alias: string): Promise<EndpointCertificate> {
  for (const name of new Set([nameOfAlias(alias), alias])) {
    try {
      return await client.get<EndpointCertificate>(endpointCertificateKind, name, namespace);
    } catch (error) {
      if (!isCoded(error, 'not-found')) throw error;
    }
  }
  const { items } = await client.list<EndpointCertificate>(endpointCertificateKind, {
    namespace,
    fieldSelector: `spec.alias=${alias}`,
  });
  if (items[0] !== undefined) return items[0];
  throw new CodedError('not-found', `no endpoint certificate with the alias "${alias}" in namespace ${namespace}`, {
    hint: "'chancery endpoint-certs list' shows those that there are.",
  });
}
