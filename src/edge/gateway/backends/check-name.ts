import { checkServerIdentity } from 'node:tls';
import type { PeerCertificate } from 'node:tls';

/** RFC 9525: the names are in the subject alternative names; a common name is none. */
export function checkName(host: string, { subjectaltname }: PeerCertificate): Error | undefined {
  return checkServerIdentity(host, { subjectaltname } as PeerCertificate);
}
