import { shake } from './shake.ts';
import type { ClientIdentity } from '#edge/instances';
import type { ProbedListener } from './targets.ts';

/** A session that a listener gave to a client, with the TLS version it is for. */
export interface KeptSession {
  readonly session: Buffer;
  readonly maxVersion: 'TLSv1.2' | undefined;
}

const versions = [undefined, 'TLSv1.2'] as const;

/** Sessions as a client would keep them, for a later look whether the listener still takes them. */
export async function keepSessions(
  { target }: ProbedListener,
  identity: ClientIdentity | undefined,
  timeoutMilliseconds: number,
): Promise<KeptSession[]> {
  const kept: KeptSession[] = [];
  for (const maxVersion of versions) {
    const { session } = await shake(target, { identity, maxVersion, timeoutMilliseconds });
    if (session !== undefined) kept.push({ session, maxVersion });
  }
  return kept;
}

/** Whether the listener takes one of the sessions: then who has one gets in without being looked at again. */
export async function takesSession(
  { target }: ProbedListener,
  sessions: readonly KeptSession[],
  timeoutMilliseconds: number,
): Promise<boolean> {
  for (const { session, maxVersion } of sessions) {
    if ((await shake(target, { session, maxVersion, timeoutMilliseconds })).isResumed) return true;
  }
  return false;
}
