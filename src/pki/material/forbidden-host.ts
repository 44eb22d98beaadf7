import { isIP } from 'node:net';
import { forbiddenName } from '#pki/x509';
import type { Certificate } from '#pki/x509';

/**
 * Why no certificate that `ca` issues, or one further down, can be valid for `host` (an IP literal, or a DNS name as
 * A-label), by its name constraints (RFC 5280, section 4.2.1.10); undefined when one can.
 */
export function forbiddenHost(ca: Certificate, host: string): string | undefined {
  const constraints = ca.fields.nameConstraints;
  if (constraints === undefined) return undefined;
  const type = isIP(host) === 0 ? 'dns' : 'ip';
  return forbiddenName(constraints, [], [{ type, value: host }]);
}
