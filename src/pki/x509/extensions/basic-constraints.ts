import { DERCursor, Tag, derTrue, integer, parseDER, readBoolean, readSmallInteger, sequence } from '../der/index.ts';
import type { Extension } from './extension.ts';
import { extensionOIDs } from './oids.ts';

export interface BasicConstraints {
  readonly isCA: boolean;
  /** Most CA certificates that may follow below this one; undefined without limit. */
  readonly pathLength?: number;
}

/** Always critical; written for end-entity certificates too, as cert-manager does. */
export function basicConstraintsExtension({ isCA, pathLength }: BasicConstraints): Extension {
  const flag = isCA ? [derTrue] : [];
  const limit = isCA && pathLength !== undefined ? [integer(pathLength)] : [];
  return { oid: extensionOIDs.basicConstraints, critical: true, value: sequence(...flag, ...limit) };
}

/** Reads BasicConstraints (RFC 5280 4.2.1.9). An explicit FALSE is read although DER leaves it out: it is common. */
export function parseBasicConstraints(value: Uint8Array): BasicConstraints {
  const fields = new DERCursor(parseDER(value).expect(Tag.sequence, 'basic constraints'));
  const flag = fields.optional(Tag.boolean);
  const limit = fields.optional(Tag.integer);
  fields.finish('basic constraints');
  const isCA = flag !== undefined && readBoolean(flag, 'cA');
  return limit === undefined ? { isCA } : { isCA, pathLength: readSmallInteger(limit, 'path length') };
}
