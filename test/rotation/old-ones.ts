import assert from 'node:assert/strict';
import { attempt, type Client } from '../agent/load.ts';
import type { Estate } from './estate.ts';
import { SessionKeeper, type KeptSession } from './sessions.ts';

/** What was good before a rotation: what a client had, and sessions that every server has given it. */
export interface Before {
  readonly client: Client;
  readonly sessions: ReadonlyMap<string, readonly KeptSession[]>;
}

const versions = ['TLSv1.2', 'TLSv1.3'] as const;

/** Collects what shall be refused later; each session is seen to be taken now, so that the refusal means something. */
export async function noteBefore({ folder, servers }: Estate, client: Client): Promise<Before> {
  const keeper = new SessionKeeper(folder);
  const sessions = new Map<string, KeptSession[]>();
  for (const { name, process } of servers) {
    for (const version of versions) {
      const again = await keeper.resume(process.port, await keeper.keep(process.port, client, version));
      assert.ok(again.isResumed && again.isGood, `${name} takes no session of ${version}: ${again.said}`);
      const kept = sessions.get(name) ?? [];
      sessions.set(name, [...kept, await keeper.keep(process.port, client, version)]);
    }
  }
  return { client, sessions };
}

/** After FLUSH: the old certificate, trust in the old CA only, and every session from before are refused by every server. */
export async function refusesOld(
  estate: Estate,
  { client, sessions }: Before,
  what: 'everything' | 'clients' = 'everything',
): Promise<void> {
  const now = estate.clientNow();
  const keeper = new SessionKeeper(estate.folder);
  for (const { name, process } of estate.servers) {
    for (const maxVersion of ['TLSv1.2', undefined] as const) {
      const how = `${name} ${maxVersion ?? 'TLSv1.3'}`;
      const asNow = await attempt(process.port, now, maxVersion);
      assert.equal(asNow.isGood, true, `${how}: ${asNow.end}`);
      const shownOld = await attempt(process.port, { ...client, ca: now.ca }, maxVersion);
      assert.equal(shownOld.isGood, false, `${how} accepts the old certificate`);
      if (what === 'clients') continue;
      const trustingOld = await attempt(process.port, { ...now, ca: client.ca }, maxVersion);
      assert.equal(trustingOld.isGood, false, `${how} is accepted by who trusts the old CA only`);
    }
    for (const kept of sessions.get(name) ?? []) {
      const { isResumed, isGood } = await keeper.resume(process.port, kept);
      assert.equal(isResumed, false, `${name} takes a session of ${kept.version} from before`);
      assert.equal(isGood, false, `${name} lets in who comes back with a session of ${kept.version} from before`);
    }
  }
}
