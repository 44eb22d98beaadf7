import type { IncomingMessage } from 'node:http';
import { CodedError } from '#errors';
import { agentsPath } from '#edge/api';
import type { UserInfo } from '#model/resources';
import { textAnswer, type Answer } from '../answers/answer.ts';
import { enrolling } from '../identity/authorize.ts';
import type { Call } from '../requests/call.ts';
import type { ServerContext } from '../server-context.ts';
import { agentOf } from './agent-grants.ts';

const longestRequest = 16_384;

/** Who comes to exchange a one-time token; whether it is good is found out when the request is answered. */
export function enrollee({
  method,
  url = '',
  headers,
}: IncomingMessage): { readonly user: UserInfo; readonly token: string } | undefined {
  if (method !== 'POST' || url !== agentsPath) return undefined;
  const token = /^Bearer +(\S+) *$/i.exec(headers.authorization ?? '')?.[1];
  return token === undefined ? undefined : { user: { username: 'chancery:enrolling', groups: [enrolling] }, token };
}

/** How a request for the certificate of an agent is answered; undefined for every other request. */
export function enrolmentOf(
  { agents }: ServerContext,
  call: Call,
): ((body: Uint8Array) => Promise<Answer>) | undefined {
  if (agents === undefined || call.method !== 'POST' || call.path !== agentsPath) return undefined;
  return async (body) => {
    if (body.length > longestRequest) throw new CodedError('too-large', 'the certificate request is too large');
    const request = Buffer.from(body).toString('latin1');
    if (call.token !== undefined) return textAnswer(await agents.enrol(call.token, request), 201);
    const agent = agentOf(call);
    if (agent === undefined) throw new CodedError('unauthorized', 'Unauthorized');
    return textAnswer(await agents.renew(agent, request), 201);
  };
}
