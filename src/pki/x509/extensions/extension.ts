import { CodedError } from '#errors';
import { DERCursor, Tag, derTrue, octetString, readBoolean, readOID, readOctetString, sequence } from '../der/index.ts';
import type { DERElement } from '../der/index.ts';
import { extensionOID } from './oids.ts';

/** One extension as it stands in a certificate or request. */
export interface Extension {
  readonly oid: string;
  readonly critical: boolean;
  /** DER of the extension's own structure. */
  readonly value: Uint8Array;
}

const maxExtensions = 256;

export function encodeExtension({ oid, critical, value }: Extension): Uint8Array {
  const body = octetString(value);
  return critical ? sequence(extensionOID(oid), derTrue, body) : sequence(extensionOID(oid), body);
}

export function encodeExtensions(extensions: readonly Extension[]): Uint8Array {
  return sequence(...extensions.map(encodeExtension));
}

/** Reads Extensions (RFC 5280 4.1). Fails with der-malformed, also when one occurs twice (4.2: at most once). */
export function readExtensions(element: DERElement): Extension[] {
  const list = element.expect(Tag.sequence, 'extensions').children();
  if (list.length > maxExtensions) throw new CodedError('der-malformed', `more than ${maxExtensions} extensions`);
  const extensions = list.map(readExtension);
  const repeated = extensions.find(({ oid }, at) => extensions.findIndex((other) => other.oid === oid) !== at);
  if (repeated !== undefined) throw new CodedError('der-malformed', `extension ${repeated.oid} occurs twice`);
  return extensions;
}

function readExtension(element: DERElement): Extension {
  const fields = new DERCursor(element.expect(Tag.sequence, 'extension'));
  const oid = readOID(fields.next(), 'extension');
  const flag = fields.optional(Tag.boolean);
  const value = readOctetString(fields.next(), 'extension value');
  fields.finish('extension');
  return { oid, critical: flag !== undefined && readBoolean(flag, 'critical'), value };
}
