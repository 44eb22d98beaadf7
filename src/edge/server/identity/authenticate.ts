import type { TLSSocket } from 'node:tls';
import type { UserInfo } from '#model/resources';
import type { TokenTable } from './tokens.ts';

/** Distinguished name of a verified client certificate, as node:tls gives it. */
export interface CertificateSubject {
  readonly CN?: string | readonly string[];
  readonly O?: string | readonly string[];
}

/** CN is the user, each O a group: Kubernetes' rule for client certificates. Undefined without a CN. */
export function userOfSubject(subject: CertificateSubject): UserInfo | undefined {
  const [username] = listOf(subject.CN);
  if (username === undefined || username === '') return undefined;
  return authenticated({ username, groups: listOf(subject.O) });
}

function listOf(value: string | readonly string[] | undefined): readonly string[] {
  if (value === undefined) return [];
  return typeof value === 'string' ? [value] : value;
}

function authenticated(user: UserInfo): UserInfo {
  return { ...user, groups: [...new Set([...(user.groups ?? []), 'system:authenticated'])] };
}

/** Who sent a request, or undefined. A token that is wrong does not fall back to the certificate beside it. */
export function authenticate(
  authorization: string | undefined,
  certificateUser: UserInfo | undefined,
  tokens: TokenTable,
): UserInfo | undefined {
  if (authorization === undefined) return certificateUser;
  const token = /^Bearer +(\S+) *$/i.exec(authorization)?.[1];
  const user = token === undefined ? undefined : tokens(token);
  return user === undefined ? undefined : authenticated(user);
}

const usersOfSockets = new WeakMap<TLSSocket, { readonly user: UserInfo | undefined }>();

/** The user of the certificate that a connection was opened with; read once for each connection. */
export function userOfSocket(socket: TLSSocket): UserInfo | undefined {
  const known = usersOfSockets.get(socket);
  if (known !== undefined) return known.user;
  const user = socket.authorized ? userOfSubject(socket.getPeerCertificate().subject) : undefined;
  usersOfSockets.set(socket, { user });
  return user;
}
