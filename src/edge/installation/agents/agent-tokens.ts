import { createHash, timingSafeEqual } from 'node:crypto';
import type { ResourceStore } from '#control/store';
import { agentTokenSecret } from '#edge/api';
import { CodedError, isCoded } from '#errors';
import { controllersUsername, secretKind, systemNamespace, type Secret } from '#model/resources';

const writer = { manager: 'chancery-agents', user: { username: controllersUsername } };

/**
 * Spends a one-time token and answers the agent that it is for. A token is gone before anything is done for it, so that
 * of two who come with the same one only the first gets a certificate. Fails with unauthorized.
 */
export async function spendToken(store: ResourceStore, token: string, now: Date): Promise<string> {
  const [, agent = '', secretPart = ''] = /^(.+)\.([A-Za-z0-9_-]{20,})$/.exec(token) ?? [];
  if (agent === '') throw refused();
  const place = { kind: secretKind, namespace: systemNamespace, name: agentTokenSecret.nameOf(agent) };
  const found = await store.get<Secret>(place);
  if (found === undefined || !isGood(found, secretPart, now)) throw refused();
  const { uid, resourceVersion } = found.metadata;
  try {
    await store.delete(place, { ...writer, uid, resourceVersion });
  } catch (error) {
    if (isCoded(error, 'conflict', 'not-found')) throw refused();
    throw error;
  }
  return agent;
}

function isGood(secret: Secret, secretPart: string, now: Date): boolean {
  if (secret.type !== agentTokenSecret.type) return false;
  const digest = Buffer.from(textOf(secret, 'sha256'), 'hex');
  const given = createHash('sha256').update(secretPart).digest();
  const isEqual = digest.length === given.length && timingSafeEqual(digest, given);
  return isEqual && now < new Date(textOf(secret, 'expires'));
}

const textOf = ({ data }: Secret, key: string): string => Buffer.from(data?.[key] ?? '', 'base64').toString('latin1');

const refused = (): CodedError =>
  new CodedError('unauthorized', 'the token is unknown, was used, or is too old', {
    hint: "Make a new one with 'chancery agent-token create'.",
  });
