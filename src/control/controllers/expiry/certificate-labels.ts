import { attributeKeys, nameAttribute, parseNameText } from '#pki/x509';
import type { Name } from '#pki/x509';
import { isCoded } from '#errors';
import type { ExpiringCertificate } from '#model/expiry';

const fields = ['C', 'ST', 'L', 'O', 'OU', 'CN'] as const;

/**
 * The labels of x509-certificate-exporter's series; what does not apply is the empty text. `kind`, `namespace`, `name` and
 * `path` are added, because most of our sources are no Secrets.
 */
export function certificateLabels(certificate: ExpiringCertificate): Record<string, string> {
  const { subject, issuer = '', serialNumber = '', source, endpoint = '' } = certificate;
  const { kind, namespace = '', name, path } = source;
  const secret = kind === 'Secret';
  return {
    serial_number: decimal(serialNumber),
    ...nameLabels('subject', subject),
    ...nameLabels('issuer', issuer),
    secret_namespace: secret ? namespace : '',
    secret_name: secret ? name : '',
    secret_key: secret ? (/^data\[(.+?)\]/.exec(path)?.[1] ?? '') : '',
    kind,
    namespace,
    name,
    path,
    endpoint,
  };
}

function nameLabels(prefix: 'subject' | 'issuer', text: string): Record<string, string> {
  const name = readName(text);
  return Object.fromEntries(
    fields.map((field) => [`${prefix}_${field}`, nameAttribute(name, attributeKeys[field]!) ?? '']),
  );
}

/** Of a Certificate that names no common name, the first DNS name stands where a subject does. */
function readName(text: string): Name {
  try {
    return parseNameText(text);
  } catch (error) {
    if (!isCoded(error)) throw error;
    return [];
  }
}

function decimal(hexadecimal: string): string {
  return /^[0-9a-f]+$/i.test(hexadecimal) ? BigInt(`0x${hexadecimal}`).toString() : '';
}
