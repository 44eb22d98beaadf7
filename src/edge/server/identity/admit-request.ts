import type { IncomingMessage } from 'node:http';
import type { TLSSocket } from 'node:tls';
import { CodedError } from '#errors';
import { makeStatus, parseAccept, StatusError } from '#edge/api';
import type { MediaType } from '#edge/api';
import type { UserInfo } from '#model/resources';
import type { Call } from '../requests/call.ts';
import { authenticate, userOfSocket } from './authenticate.ts';
import { authorize, refusalText } from './authorize.ts';
import type { Action } from './authorize.ts';
import type { TokenTable } from './tokens.ts';

/** Who sends this request. Fails with unauthorized, saying nothing of the server. */
export function identify(request: IncomingMessage, tokens: TokenTable): UserInfo {
  const certificateUser = userOfSocket(request.socket as TLSSocket);
  const user = authenticate(request.headers.authorization, certificateUser, tokens);
  if (user === undefined) throw new CodedError('unauthorized', 'Unauthorized');
  refuseImpersonation(request, user);
  return user;
}

// Answering as the caller would show one user's view under another's name.
function refuseImpersonation(request: IncomingMessage, user: UserInfo): void {
  const header = Object.keys(request.headers).find((name) => name.startsWith('impersonate-'));
  if (header === undefined) return;
  const text = `User "${user.username}" cannot impersonate: impersonation is not offered by this server`;
  throw new StatusError(makeStatus('Forbidden', text));
}

/** Fails with forbidden unless the user may. */
export function refuseForbidden(user: UserInfo, action: Action): void {
  if (authorize(user, action).allowed) return;
  const details = 'path' in action ? {} : { group: action.group, kind: action.plural, ...named(action.name) };
  throw new StatusError(makeStatus('Forbidden', refusalText(user, action), details));
}

function named(name: string | undefined): { name?: string } {
  return name === undefined ? {} : { name };
}

const acceptHeaders = new Map<string, readonly MediaType[]>();
const acceptHeadersKept = 100;

/** Clients repeat a few long Accept headers for ever. */
function acceptOf(header: string | undefined): readonly MediaType[] {
  const known = acceptHeaders.get(header ?? '');
  if (known !== undefined) return known;
  const accept = parseAccept(header);
  if (acceptHeaders.size >= acceptHeadersKept) acceptHeaders.clear();
  acceptHeaders.set(header ?? '', accept);
  return accept;
}

/** What the request's head says, as one value. */
export function callOf(request: IncomingMessage, user: UserInfo): Call {
  const url = request.url ?? '/';
  const at = url.indexOf('?');
  const { headers } = request;
  return {
    method: request.method ?? 'GET',
    path: at < 0 ? url : url.slice(0, at),
    query: new URLSearchParams(at < 0 ? '' : url.slice(at + 1)),
    user,
    accept: acceptOf(headers.accept),
    contentType: headers['content-type'],
    userAgent: headers['user-agent'] ?? '',
    etag: headers['if-none-match'],
    warnings: new Set(),
  };
}
